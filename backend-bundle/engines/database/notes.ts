import { uuidv7 } from 'uuidv7';
import type { DatabaseNotes, Queries } from './port.ts';

const instanceKey = 'instance_id';
const recreatedKey = 'control_data_started_anew';

/** Reads facts about the installation from the `meta` table. */
export function notesOf(query: Queries<'engines'>): DatabaseNotes {
  const read = async (key: string) => (await query.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value;
  return {
    async instanceId() {
      const known = await read(instanceKey);
      if (known !== undefined) return known;
      await query
        .insertInto('meta')
        .values({ key: instanceKey, value: uuidv7() })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
      return (await read(instanceKey)) ?? 'unknown';
    },
    async recreatedAt() {
      const text = await read(recreatedKey);
      return text === undefined ? null : Number(text);
    },
  };
}

/** Stores when control data was recreated, for the health report. */
export async function noteRecreated(query: Queries<'engines'>, at: number): Promise<void> {
  await query
    .insertInto('meta')
    .values({ key: recreatedKey, value: String(at) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(at) }))
    .execute();
}

import type { Queries } from '../../engines/database/port.ts';

/** Returns whether a batch of metrics was stored before: its sender repeats it after a lost reply. */
export async function isKnownBatch(db: Queries<'signals'>, batchId: string): Promise<boolean> {
  const row = await db.selectFrom('metric_batches').select('batch_id').where('batch_id', '=', batchId).executeTakeFirst();
  return row !== undefined;
}

/** @param at epoch ms */
export async function rememberBatch(db: Queries<'signals'>, batchId: string, at: number): Promise<void> {
  await db
    .insertInto('metric_batches')
    .values({ batch_id: batchId, at })
    .onConflict((conflict) => conflict.column('batch_id').doNothing())
    .execute();
}

/** @param before epoch ms */
export async function forgetBatchesBefore(db: Queries<'signals'>, before: number): Promise<void> {
  await db.deleteFrom('metric_batches').where('at', '<', before).execute();
}

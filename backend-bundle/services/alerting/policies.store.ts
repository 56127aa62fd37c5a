import { AppError } from '#common/contract/errors.ts';
import type { Policies } from '#common/contract/policies.ts';
import { type Inhibition, inhibition, type Maintenance, maintenance, type Silence, silence } from '#common/contract/policies.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import { parseStored, type UnreadableRows } from '../../engines/database/stored-json.ts';
import type { Tables } from '../../engines/database/tables.ts';

/** Every kind of policy, with its type. */
export interface PolicyKinds {
  silence: Silence;
  maintenance: Maintenance;
  inhibition: Inhibition;
}
export type PolicyKind = keyof PolicyKinds;

const schemas = { silence, maintenance, inhibition };
const words: Record<PolicyKind, string> = { silence: 'silence', maintenance: 'maintenance window', inhibition: 'inhibition' };

/** Lists every policy, oldest first. @param endedSince silences that ended before are left out, epoch ms */
export async function listPolicies(db: Queries<'alerting'>, unreadable: UnreadableRows, endedSince: number): Promise<Policies> {
  const rows = await db
    .selectFrom('policies')
    .selectAll()
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>=', endedSince)]))
    .orderBy('id')
    .execute();
  const of = <K extends PolicyKind>(kind: K) =>
    rows.filter((row) => row.kind === kind).flatMap((row) => unreadable.leaveOut(() => policyOf(kind, row)) ?? []);
  return { silences: of('silence'), maintenance: of('maintenance'), inhibitions: of('inhibition') };
}

/** @throws AppError not_found */
export async function getPolicy<K extends PolicyKind>(db: Queries<'alerting'>, kind: K, id: string): Promise<PolicyKinds[K]> {
  const row = await db.selectFrom('policies').selectAll().where('id', '=', id).where('kind', '=', kind).executeTakeFirst();
  if (row === undefined)
    throw new AppError('not_found', `There is no ${words[kind]} ${id}.`, { field: 'id', hint: 'It may have been deleted.' });
  return policyOf(kind, row);
}

/** Stores a policy, new or changed. */
export async function putPolicy<K extends PolicyKind>(tx: Tx<'alerting'>, kind: K, policy: PolicyKinds[K]): Promise<void> {
  const ends_at = 'endsAt' in policy ? policy.endsAt : null;
  const row = { id: policy.id, kind, ends_at, version: policy.version, body: JSON.stringify(policy) };
  await tx
    .insertInto('policies')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

export async function deletePolicy(tx: Tx<'alerting'>, id: string): Promise<void> {
  await tx.deleteFrom('policies').where('id', '=', id).execute();
}

/** @throws UnreadableValue */
function policyOf<K extends PolicyKind>(kind: K, { id, body }: Pick<Tables['policies'], 'id' | 'body'>): PolicyKinds[K] {
  return parseStored(schemas[kind], body, { table: 'policies', row: { id }, column: 'body' }) as PolicyKinds[K];
}

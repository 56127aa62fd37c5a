import { type DashboardBody, dashboardBody } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import { mergeDashboards } from '#common/dashboards/merge.ts';
import { describePlaces } from '#common/versions/words.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Versioned, Versions } from '../versions.store.ts';

/**
 * Merges a change that started from an older version with what was saved since.
 * @param read the version that the change started from
 * @throws AppError version_conflict naming the fields that both changed
 */
export async function merged(
  tx: Tx<'dashboards'>,
  versions: Versions<DashboardBody, 'dashboards'>,
  before: Versioned<DashboardBody>,
  mine: DashboardBody,
  read: number,
): Promise<DashboardBody> {
  const base = await versions.at(tx, mine.code, read).catch(async (error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') throw await versions.conflict(tx, before, read);
    throw error;
  });
  const { merged, clashes } = mergeDashboards(base.body, mine, before.body);
  const { version, updatedBy } = before.record;
  if (clashes.length > 0) {
    const places = describePlaces(
      clashes.map(({ path }) => path),
      [before.body, mine, base.body],
    );
    throw new AppError(
      'version_conflict',
      `You and ${updatedBy} both changed ${places} of dashboard “${before.body.title}”. Nothing was saved: it is at version ${version}, your change began from version ${read}.`,
      { field: 'version', hint: 'Compare the two, choose for each of these places, and save again from the newest version.' },
    );
  }
  const checked = dashboardBody.safeParse(merged);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new AppError(
    'version_conflict',
    `Your changes and those of ${updatedBy} do not make a dashboard together: ${issue?.path.join('.')}: ${issue?.message}`,
    { field: 'version', hint: `Load version ${version} and repeat your change.` },
  );
}

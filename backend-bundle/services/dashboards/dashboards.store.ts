import type { Thumbnail } from '#common/contract/dashboards.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Queries, Tx } from '../../engines/database/port.ts';
import type { Caller } from '../service.ts';

/** Returns the codes of the dashboards that a user has starred. */
export async function starredBy(db: Queries<'dashboards'>, userId: string): Promise<Set<string>> {
  const rows = await db.selectFrom('dashboard_stars').select('dashboard_code').where('user_id', '=', userId).execute();
  return new Set(rows.map((row) => row.dashboard_code));
}

/** Sets or removes a star. Stars are personal, so every role may set them. */
export async function setStar(tx: Tx<'dashboards'>, code: string, starred: boolean, caller: Caller) {
  const mine = { dashboard_code: code, user_id: caller.id };
  await mustExist(tx, code);
  const stars = tx.deleteFrom('dashboard_stars').where('dashboard_code', '=', code).where('user_id', '=', caller.id);
  if (!starred) await stars.execute();
  else
    await tx
      .insertInto('dashboard_stars')
      .values(mine)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  return { starred };
}

export async function thumbnailOf(db: Queries<'dashboards'>, code: string): Promise<{ thumbnail: Thumbnail | null }> {
  const row = await db
    .selectFrom('dashboard_thumbnails')
    .select(['version', 'image'])
    .where('dashboard_code', '=', code)
    .executeTakeFirst();
  if (row === undefined) await mustExist(db, code);
  return { thumbnail: row ?? null };
}

/** Stores a thumbnail, unless there is one of a newer version: consoles may send theirs in any order. */
export async function keepThumbnail(tx: Tx<'dashboards'>, code: string, { version, image }: Thumbnail): Promise<void> {
  await mustExist(tx, code);
  await tx
    .insertInto('dashboard_thumbnails')
    .values({ dashboard_code: code, version, image })
    .onConflict((conflict) =>
      conflict.column('dashboard_code').doUpdateSet({ version, image }).where('dashboard_thumbnails.version', '<=', version),
    )
    .execute();
}

async function mustExist(db: Queries<'dashboards'>, code: string): Promise<void> {
  const row = await db.selectFrom('dashboards').select('code').where('code', '=', code).executeTakeFirst();
  if (row === undefined)
    throw new AppError('not_found', `There is no dashboard “${code}”.`, { field: 'code', hint: 'It may have been deleted.' });
}

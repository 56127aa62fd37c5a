import type { z } from 'zod';
import { same } from '#common/versions/shape.ts';
import type { AnyTx, Tx } from '../engines/database/port.ts';
import { parseStored, type UnreadableRows } from '../engines/database/stored-json.ts';

/** The author of what the product ships. */
export const shipper = 'watchfloor';

/** The stored definition with the code of a shipped one. */
interface StoredContent<B> {
  body: B;
  /** Null where the service doesn't record it. */
  lastChangedBy: string | null;
  replace(next: B): Promise<unknown>;
}

/** One kind of content that the product ships, and how its service stores it. */
interface ShippedKind<B extends { code: string }> {
  /** Remembers each code that was shipped, so that what a person deletes stays deleted, and the content that was stored for it last. */
  table: 'shipped_charts' | 'shipped_dashboards' | 'shipped_rules' | 'shipped_sources' | 'shipped_loaders';
  schema: z.ZodType<B>;
  contents: readonly B[];
  unreadable: UnreadableRows;
  find(code: string): Promise<StoredContent<B> | 'unreadable' | null>;
  create(content: B): Promise<unknown>;
}

/**
 * Stores what this version of the product ships. New content is created, content that people left as it was shipped is updated, and
 * what a person changed or deleted is left alone. Writes nothing when nothing has changed since the last start.
 */
export async function ship<B extends { code: string }>(tx: AnyTx, kind: ShippedKind<B>): Promise<void> {
  const shipped = await readShipped(tx, kind);
  for (const content of kind.contents) {
    const { code } = content;
    const last = shipped.get(code);
    const stored = await kind.find(code);
    if (stored === null) {
      if (shipped.has(code)) continue;
      await kind.create(content);
      await remember(tx, kind, code, content);
    } else if (stored !== 'unreadable' && isAsShipped(stored, last, content)) {
      if (!same(stored.body, content)) await stored.replace(content);
      if (!same(last, content)) await remember(tx, kind, code, content);
    } else if (!shipped.has(code)) {
      // A person has taken the code: once they delete theirs, the code stays free.
      await remember(tx, kind, code, null);
    }
  }
}

/**
 * Returns true if no person has changed the stored content. Content that a person made equal to `content` counts as shipped too.
 * @param last null when it isn't known, undefined when nothing was shipped under this code
 */
function isAsShipped<B>({ body, lastChangedBy }: StoredContent<B>, last: B | null | undefined, content: B): boolean {
  if (same(body, content)) return true;
  return last === null ? lastChangedBy === shipper : same(body, last);
}

/** The content last stored for each code that was ever shipped; null where it isn't known. */
async function readShipped<B extends { code: string }>(
  tx: AnyTx,
  { table, schema, unreadable }: ShippedKind<B>,
): Promise<Map<string, B | null>> {
  const rows = await tablesIn(tx).selectFrom(table).selectAll().execute();
  return new Map(
    rows.map(({ code, content }) => {
      const place = { table, row: { code }, column: 'content' };
      return [code, content === null ? null : unreadable.leaveOut(() => parseStored(schema, content, place))];
    }),
  );
}

async function remember<B extends { code: string }>(tx: AnyTx, { table }: ShippedKind<B>, code: string, body: B | null): Promise<void> {
  const content = body === null ? null : JSON.stringify(body);
  await tablesIn(tx)
    .insertInto(table)
    .values({ code, content })
    .onConflict((conflict) => conflict.column('code').doUpdateSet({ content }))
    .execute();
}

/** The tables of all services that ship content: which of them a transaction may use, its service knows. */
const tablesIn = (tx: AnyTx) => tx as Tx<'charts' | 'dashboards' | 'alerting' | 'loaders'>;

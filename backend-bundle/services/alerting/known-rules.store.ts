import type { Queries } from '../../engines/database/port.ts';
import { chunks, type Lost, readable, ruleOf, type StoredRule } from './alerting.store.ts';

/** All rules as they are now. What makes a rule is read and checked again only when it was changed: a round comes several times a second. */
export class KnownRules {
  readonly #known = new Map<string, { version: number; updatedAt: number; rule: StoredRule | null }>();

  /** Those that can be read; the others are told to `lost`, once. */
  async read(db: Queries<'alerting'>, lost: Lost): Promise<StoredRule[]> {
    const rows = await db.selectFrom('rules').select(['code', 'version', 'updated_at', 'evaluated_at']).execute();
    const changed = rows.filter((row) => {
      const known = this.#known.get(row.code);
      return known?.version !== row.version || known.updatedAt !== row.updated_at;
    });
    for (const part of chunks(changed, 500)) {
      const codes = part.map((row) => row.code);
      for (const row of await db.selectFrom('rules').selectAll().where('code', 'in', codes).execute()) {
        const rule = readable(lost, () => ruleOf(row));
        this.#known.set(row.code, { version: row.version, updatedAt: row.updated_at, rule });
      }
    }
    const present = new Set(rows.map((row) => row.code));
    for (const code of this.#known.keys()) if (!present.has(code)) this.#known.delete(code);
    return rows.flatMap((row) => {
      const rule = this.#known.get(row.code)?.rule;
      return rule == null ? [] : [{ ...rule, evaluatedAt: row.evaluated_at }];
    });
  }
}

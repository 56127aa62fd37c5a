import type pg from 'pg';
import { exactNumber } from './cells.ts';
import type { ColumnKind, SourceCell, SourceColumn } from './port.ts';

/** The most common types, by oid. Any other type is `other`, and its name is queried. */
const known: Readonly<Record<number, { kind: ColumnKind; type: string }>> = {
  16: { kind: 'boolean', type: 'boolean' },
  18: { kind: 'text', type: '"char"' },
  19: { kind: 'text', type: 'name' },
  20: { kind: 'number', type: 'bigint' },
  21: { kind: 'number', type: 'smallint' },
  23: { kind: 'number', type: 'integer' },
  25: { kind: 'text', type: 'text' },
  26: { kind: 'number', type: 'oid' },
  114: { kind: 'json', type: 'json' },
  700: { kind: 'number', type: 'real' },
  701: { kind: 'number', type: 'double precision' },
  705: { kind: 'text', type: 'text' },
  1042: { kind: 'text', type: 'character' },
  1043: { kind: 'text', type: 'character varying' },
  1082: { kind: 'local-time', type: 'date' },
  1114: { kind: 'local-time', type: 'timestamp without time zone' },
  1184: { kind: 'time', type: 'timestamp with time zone' },
  1186: { kind: 'interval', type: 'interval' },
  1700: { kind: 'number', type: 'numeric' },
  3802: { kind: 'json', type: 'jsonb' },
};

/** Parsers for the driver: numbers if they are exact, otherwise text as the server wrote it. */
export const exactTypes = {
  getTypeParser:
    (oid: number) =>
    (text: string): SourceCell =>
      known[oid]?.kind === 'number' ? exactNumber(text) : text,
};

/** Returns the columns of a result; `names` caches the names of less common types. */
export async function columnsOf(
  client: pg.PoolClient,
  fields: readonly pg.FieldDef[],
  names: Map<number, string>,
): Promise<SourceColumn[]> {
  const unknown = fields.map((field) => field.dataTypeID).filter((oid) => known[oid] === undefined && !names.has(oid));
  if (unknown.length > 0) {
    const { rows } = await client.query<{ oid: number; name: string }>(
      'SELECT oid::int, format_type(oid, NULL) AS name FROM unnest($1::oid[]) oid',
      [unknown],
    );
    for (const { oid, name } of rows) names.set(oid, name);
  }
  return fields.map(({ name, dataTypeID: oid }) => ({ name, ...(known[oid] ?? { kind: 'other', type: names.get(oid) ?? `type ${oid}` }) }));
}

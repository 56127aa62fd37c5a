import { AppError } from '#common/contract/errors.ts';
import type { RowColumns } from './port.ts';

const maxRows = 50_000;

/** Returns the `ON CONFLICT` clause that replaces a row with equal keys, in either dialect. */
export function onConflict(names: readonly string[], keys: readonly string[]): string {
  const rest = names.filter((name) => !keys.includes(name)).map((name) => `${quote(name)} = excluded.${quote(name)}`);
  return `on conflict (${keys.map(quote).join(', ')}) do ${rest.length === 0 ? 'nothing' : `update set ${rest.join(', ')}`}`;
}

export function quote(name: string): string {
  if (!/^[a-z_]+$/.test(name)) throw new Error(`not a column or table: ${name}`);
  return `"${name}"`;
}

/** Returns the number of rows. @throws AppError payload_too_large; Error when the columns differ in length */
export function rowCount(columns: RowColumns): number {
  const lengths = new Set(Object.values(columns).map((column) => column.length));
  const [rows = 0, ...others] = lengths;
  if (others.length > 0) throw new Error(`columns of different length: ${[...lengths].join(', ')}`);
  if (rows > maxRows)
    throw new AppError('payload_too_large', `${rows} rows are too many for one write; the most is ${maxRows}.`, {
      hint: 'Send them in parts.',
    });
  return rows;
}

import mysql, { type FieldPacket } from 'mysql2';
import { exactNumber, hexOf, shortestFloat } from './cells.ts';
import type { ColumnKind, SourceCell, SourceColumn } from './port.ts';

const { Types } = mysql;
const enumFlag = 256;
const setFlag = 2048;
const unsignedFlag = 32;
/** The character set of columns that hold bytes. */
const binaryCharset = 63;

const numbers: Readonly<Record<number, string>> = {
  [Types.TINY]: 'tinyint',
  [Types.SHORT]: 'smallint',
  [Types.INT24]: 'mediumint',
  [Types.LONG]: 'int',
  [Types.LONGLONG]: 'bigint',
  [Types.FLOAT]: 'float',
  [Types.DOUBLE]: 'double',
  [Types.DECIMAL]: 'decimal',
  [Types.NEWDECIMAL]: 'decimal',
  [Types.YEAR]: 'year',
};
const others: Readonly<Record<number, { kind: ColumnKind; type: string }>> = {
  [Types.NULL]: { kind: 'any', type: 'null' },
  [Types.TIMESTAMP]: { kind: 'time', type: 'timestamp' },
  [Types.DATETIME]: { kind: 'local-time', type: 'datetime' },
  [Types.DATE]: { kind: 'local-time', type: 'date' },
  [Types.NEWDATE]: { kind: 'local-time', type: 'date' },
  [Types.TIME]: { kind: 'interval', type: 'time' },
  [Types.JSON]: { kind: 'json', type: 'json' },
  [Types.BIT]: { kind: 'other', type: 'bit' },
  [Types.GEOMETRY]: { kind: 'other', type: 'geometry' },
  [Types.VECTOR]: { kind: 'other', type: 'vector' },
};

export function columnOf(field: FieldPacket): SourceColumn {
  const { name } = field;
  const type = field.columnType ?? field.type ?? -1;
  const flags = Number(field.flags);
  const number = numbers[type];
  if (number !== undefined) return { name, kind: 'number', type: (flags & unsignedFlag) === 0 ? number : `${number} unsigned` };
  const other = others[type];
  if (other !== undefined) return { name, ...other };
  if ((flags & enumFlag) !== 0) return { name, kind: 'other', type: 'enum' };
  if ((flags & setFlag) !== 0) return { name, kind: 'other', type: 'set' };
  // MariaDB's JSON columns are text with an extra marker.
  if ((field as { extendedFormat?: string }).extendedFormat === 'json') return { name, kind: 'json', type: 'json' };
  if (field.characterSet === binaryCharset) return { name, kind: 'other', type: 'binary' };
  return { name, kind: 'text', type: 'text' };
}

/** @param offset of the session, such as `+05:30`, in which the server wrote a TIMESTAMP */
export function cellOf(value: unknown, { kind, type }: SourceColumn, offset: string): SourceCell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return type.startsWith('float') ? shortestFloat(value) : finite(value);
  if (value instanceof Uint8Array) return hexOf(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (kind === 'number') return exactNumber(value);
  return kind === 'time' ? `${value}${offset}` : value;
}

function finite(value: number): SourceCell {
  return Number.isFinite(value) ? value : String(value);
}

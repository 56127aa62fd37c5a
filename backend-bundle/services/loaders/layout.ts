import { AppError } from '#common/contract/errors.ts';
import type { SourceKind } from '#common/contract/sources.ts';
import type { ColumnKind, SourceColumn } from '../../engines/sources/port.ts';

const summaryNames = ['record_count', 'min', 'max', 'avg', 'sum'] as const;
type SummaryName = (typeof summaryNames)[number];

/** A column of the answer that loaders use. */
export interface ColumnPlace extends SourceColumn {
  /** Index in a row. */
  at: number;
}

export interface ColumnLayout {
  timestamp: ColumnPlace;
  segment: ColumnPlace;
  /** One value per row, or a summary. */
  value: ColumnPlace | Record<SummaryName, ColumnPlace>;
}

const timeKinds: readonly ColumnKind[] = ['any', 'number', 'text', 'time', 'local-time', 'json'];
const valueKinds: readonly ColumnKind[] = ['any', 'number', 'text', 'boolean', 'time', 'local-time', 'interval', 'json'];

/** Hints how to convert a type to a number, by database and prefix of the type's name. */
const toNumberHints: Readonly<Record<SourceKind, readonly [type: string, hint: string][]>> = {
  postgresql: [
    ['money', 'Write value::numeric.'],
    ['bit', 'Write value::bit(32)::integer.'],
    ['time', 'Write extract(epoch FROM value).'],
  ],
  mysql: [
    ['bit', 'Write value + 0.'],
    ['enum', 'Write value + 0 for the place in its list.'],
    ['set', 'Write value + 0 for its bits.'],
  ],
  sqlite: [],
};

function toNumberHint(source: SourceKind, type: string): string {
  const known = toNumberHints[source].find(([start]) => type.startsWith(start));
  return known?.[1] ?? 'Select a number instead, for example count(*).';
}

/** Hints how to convert a time to epoch milliseconds, by database. */
export const toTimeHints: Readonly<Record<SourceKind, string>> = {
  postgresql: 'Return the timestamp column itself, or extract(epoch FROM t) * 1000.',
  mysql: 'Return the DATETIME or TIMESTAMP column itself, or UNIX_TIMESTAMP(t) * 1000.',
  sqlite: "Write unixepoch(t, 'subsec') * 1000.",
};

/**
 * Finds the columns that loaders use, by case-insensitive name.
 * @throws AppError sql_rejected naming a column that is missing, duplicated, or of an unsuitable type
 */
export function layoutOf(columns: readonly SourceColumn[], source: SourceKind): ColumnLayout {
  const places = Map.groupBy(
    columns.map((column, at): ColumnPlace => ({ ...column, at })),
    ({ name }) => name.toLowerCase(),
  );
  const names = columns.map(({ name }) => name).join(', ') || 'none';
  const missing = ['timestamp', 'segment'].filter((name) => !places.has(name));
  const present = summaryNames.filter((name) => places.has(name));
  if (!places.has('value') && present.length < summaryNames.length) {
    missing.push(...(present.length === 0 ? ['value'] : summaryNames.filter((name) => !places.has(name))));
  }
  if (missing.length > 0) {
    throw rejected(
      `The SQL returns no column ${missing.map((name) => `"${name}"`).join(', ')}; it returns ${names}.`,
      'Name the columns with AS: timestamp (epoch milliseconds), segment, and value, or all of record_count, min, max, avg, sum.',
    );
  }
  const find = (name: string, kinds: readonly ColumnKind[], hintOf: (type: string) => string): ColumnPlace => {
    const [place, ...more] = places.get(name) ?? [];
    if (place === undefined || more.length > 0) {
      throw rejected(
        `The SQL returns ${more.length + 1} columns called "${name}"; it returns ${names}.`,
        'Name the others differently with AS.',
      );
    }
    if (!kinds.includes(place.kind)) {
      const wanted = name === 'timestamp' ? 'a time' : 'a number';
      throw rejected(`Column "${place.name}" is of the type ${place.type}, which never gives ${wanted}.`, hintOf(place.type));
    }
    return place;
  };
  const valuePlace = (name: string) => find(name, valueKinds, (type) => toNumberHint(source, type));
  return {
    timestamp: find('timestamp', timeKinds, () => toTimeHints[source]),
    segment: find('segment', [...valueKinds, 'other'], () => ''),
    value: places.has('value')
      ? valuePlace('value')
      : {
          record_count: valuePlace('record_count'),
          min: valuePlace('min'),
          max: valuePlace('max'),
          avg: valuePlace('avg'),
          sum: valuePlace('sum'),
        },
  };
}

function rejected(message: string, hint: string): AppError {
  return new AppError('sql_rejected', message, { field: 'sql', hint });
}

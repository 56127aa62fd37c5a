/** One comparison. */
export interface Row {
  work: string;
  peer: string;
  ours: number;
  theirs: number;
  unit: string;
  /** How many times better ours is: more a second, or less of a time, a size. */
  ratio: number;
  /** The ratio that is aimed at; null where there is none. */
  target: number | null;
}

export function printTable(rows: readonly Row[]): string {
  const cells = rows.map(({ work, peer, ours, theirs, unit, ratio, target }) => [
    work,
    peer,
    `${format(ours)} ${unit}`,
    `${format(theirs)} ${unit}`,
    `${format(ratio)}×`,
    target === null ? '' : `${target}× ${ratio >= target ? 'met' : 'MISSED'}`,
  ]);
  const lines = [['work', 'against', 'ours', 'theirs', 'better', 'target'], ...cells];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i < 2 || i === 5 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function format(value: number): string {
  return value.toLocaleString('en-US', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

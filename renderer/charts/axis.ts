import { formatNumber } from '#common/format.ts';
import { formatParts } from '#renderer/ui/format.ts';

const scaledUnits = new Set(['B', 'bytes', 'B/s', 'bytes/s']);

/** One tick of the value axis. Bytes carry their own scale; any other unit is written once, above the axis. */
export function valueTick(value: number, step: number, unit: string): string {
  if (scaledUnits.has(unit)) {
    const { figures, unit: scaled } = formatParts(value, unit);
    return `${figures.replace(/[.,]0+$/, '')} ${scaled}`;
  }
  const decimals = Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9), step % 1 !== 0 && (step * 10) % 1 !== 0 ? 2 : 0));
  return formatNumber(value, decimals);
}

/** The unit to write above the axis; empty where every tick carries it. */
export const axisUnit = (unit: string): string => (scaledUnits.has(unit) ? '' : unit);

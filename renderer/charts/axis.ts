import { formatNumber } from '#common/format.ts';
import { formatParts } from '#renderer/ui/format.ts';

const scaledUnits = new Set(['B', 'bytes', 'B/s', 'bytes/s']);

/** One tick of the value axis. Bytes carry their own scale; any other unit is written once, above the axis. */
export function valueTick(value: number, step: number, unit: string): string {
  if (scaledUnits.has(unit)) {
    const { figures, unit: scaled } = formatParts(value, unit);
    return `${figures.replace(/[.,]0+$/, '')} ${scaled}`;
  }
  return formatNumber(value, decimalsOf(step));
}

/** As many as the step itself needs: ticks that are written shorter would seem uneven, or twice the same. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 8; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 8;
}

/** The unit to write above the axis; empty where every tick carries it. */
export const axisUnit = (unit: string): string => (scaledUnits.has(unit) ? '' : unit);

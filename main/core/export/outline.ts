export interface PathCommand {
  command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath';
  args: number[];
}

/**
 * Writes a glyph's outline as a simple glyph of TrueType's `glyf` table: one flag byte per point, two bytes per coordinate. Padded to four
 * bytes; an empty outline takes none. Quadratic curves only, as every `glyf` font has.
 */
export function encodeOutline(commands: readonly PathCommand[]): Buffer {
  const points: { x: number; y: number; on: boolean }[] = [];
  const ends: number[] = [];
  for (const { command, args } of commands) {
    if (command === 'closePath') {
      if (points.length > (ends.at(-1) ?? -1) + 1) ends.push(points.length - 1);
      continue;
    }
    for (let i = 0; i < args.length; i += 2) {
      const on = !(command === 'quadraticCurveTo' && i === 0);
      points.push({ x: Math.round(args[i] ?? 0), y: Math.round(args[i + 1] ?? 0), on });
    }
  }
  if (points.length === 0) return Buffer.alloc(0);
  const bytes = Buffer.alloc(Math.ceil((10 + ends.length * 2 + 2 + points.length * 5) / 4) * 4);
  let at = 0;
  const write = (value: number): void => {
    at = bytes.writeInt16BE(value, at);
  };
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  for (const value of [ends.length, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), ...ends, 0]) write(value);
  for (const { on } of points) at = bytes.writeUInt8(on ? 1 : 0, at);
  for (const values of [xs, ys]) for (const [i, value] of values.entries()) write(value - (values[i - 1] ?? 0));
  return bytes;
}

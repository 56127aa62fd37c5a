/** Numbers and lengths of time as people read them, the same in the backend's sentences and on every screen. */

const byteSteps = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A number with as many decimals as its size deserves (3 significant digits up to 1,000, none beyond), "." decimal, "," thousands. */
export function formatNumber(value: number, decimals = decimalsFor(value)): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-6)) return sign(value.toExponential(2));
  const text = value.toFixed(decimals);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const joined = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return sign(/^-[0,.]*$/.test(joined) ? joined.slice(1) : joined);
}

/** Decimals that leave 3 significant digits, at most 8. */
export function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(size)) return 0;
  if (Number.isInteger(value)) return 0;
  // Rounded first, so that 0.9996 is written 1.00 and not 1.000.
  return Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(Number(size.toPrecision(3))))));
}

/**
 * A value with its unit: `0.62 m/s`, `34.1 %`, `1.24 GB`. `B` and `B/s` scale by 1,000; every other unit is
 * appended as it is. `decimals` fixes the digits, to keep a column or a comparison even.
 */
export function formatValue(value: number, unit: string, decimals?: number): string {
  if (unit === 'B' || unit === 'B/s') return formatBytes(value, unit === 'B/s' ? '/s' : '', decimals);
  const number = formatNumber(value, decimals ?? decimalsFor(value));
  return unit === '' ? number : `${number} ${unit}`;
}

function formatBytes(value: number, per: string, decimals?: number): string {
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= 999.5 && step < byteSteps.length - 1) {
    scaled /= 1000;
    step += 1;
  }
  return `${formatNumber(scaled, decimals ?? decimalsFor(scaled))} ${byteSteps[step]}${per}`;
}

/** A typographic minus, as wide as the plus and never a hyphen that breaks the line. */
function sign(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/**
 * A length of time in its two largest units: `6 min`, `3 min 12 s`, `2 d 4 h`, `250 ms`. Rounded down: what has not passed is
 * not claimed. Compact drops the spaces inside: `3m 12s`.
 * @param ms milliseconds; a negative length counts as none
 */
export function formatDuration(ms: number, style: 'plain' | 'compact' = 'plain'): string {
  const write = (n: number, name: string) => (style === 'compact' ? `${n}${name === 'min' ? 'm' : name}` : `${n} ${name}`);
  const length = Math.max(0, Math.floor(ms));
  const first = units.findIndex((unit) => length >= unit.ms);
  const large = units[first];
  if (large === undefined) return length === 0 ? write(0, 's') : write(length, 'ms');
  const head = write(Math.floor(length / large.ms), large.name);
  const small = units[first + 1];
  const rest = small === undefined ? 0 : Math.floor((length % large.ms) / small.ms);
  return small === undefined || rest === 0 ? head : `${head} ${write(rest, small.name)}`;
}

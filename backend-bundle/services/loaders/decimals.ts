const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** So many characters hold at most 15 digits, which a double keeps all. */
const alwaysExact = 15;

/**
 * Reads the text of a decimal number.
 * @returns null for what is none, as `0x10` or ` 5`; infinite for what is too large for a double; `rounded` tells whether it changed
 */
export function readDecimal(text: string): { value: number; rounded: boolean } | null {
  if (!decimal.test(text)) return null;
  const value = Number(text);
  if (text.length <= alwaysExact && !/[eE]/.test(text)) return { value, rounded: false };
  return { value, rounded: Number.isFinite(value) && !isSame(text, value) };
}

/** Whether a double says what the text says: in the digits that it is written with, or as the whole number that it is. */
function isSame(text: string, value: number): boolean {
  if (digitsOf(text) === digitsOf(String(value))) return true;
  return /^[+-]?\d+$/.test(text) && BigInt(text.replace('+', '')) === BigInt(value);
}

/** `12.50e3` and `12500` are both `125e5`: significant digits, and where the point is. */
function digitsOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().replace(/^\+/, '').split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  if (digits === '') return '0';
  const point = Number(exponent) + whole.length - (all.length - digits.length);
  return `${negative ? '-' : ''}${digits.replace(/0+$/, '')}e${point}`;
}

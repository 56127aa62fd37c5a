const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** A text of this length has at most 15 digits, which a double always represents exactly. */
const alwaysExact = 15;

/** Above this, doubles can't represent every integer. */
const wholeLimit = 2 ** 53;
/** Below this, doubles have fewer than 15 digits. */
const smallest = 2 ** -1022;

export interface Decimal {
  /** The nearest double; infinite if the number is too large. */
  value: number;
  /** True if the double equals the text exactly. */
  isExact: boolean;
  /**
   * True if the difference may matter: an integer became another one, or the value is so small that it lost digits. Digits of a fraction
   * past the sixteenth, which averages have, are below 10⁻¹⁵ of the value and don't matter.
   */
  isRounded: boolean;
}

/** Parses a decimal number. @returns null for any other text, such as `0x10` or ` 5` */
export function readDecimal(text: string): Decimal | null {
  if (!decimal.test(text)) return null;
  const value = Number(text);
  if (text.length <= alwaysExact && !/[eE]/.test(text)) return { value, isExact: true, isRounded: false };
  const isExact = isSame(text, value);
  const size = Math.abs(value);
  return { value, isExact, isRounded: Number.isFinite(value) && !isExact && (size >= wholeLimit || size < smallest) };
}

/** Returns whether a double equals the text: in its printed digits, or as an integer. */
function isSame(text: string, value: number): boolean {
  if (digitsOf(text) === digitsOf(String(value))) return true;
  return /^[+-]?\d+$/.test(text) && BigInt(text.replace('+', '')) === BigInt(value);
}

/** Returns significant digits and exponent: `12.50e3` and `12500` are both `125e5`. */
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

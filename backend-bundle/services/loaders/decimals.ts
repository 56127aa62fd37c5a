const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** So many characters hold at most 15 digits, which a double keeps all. */
const alwaysExact = 15;

/** From here on, doubles leave out whole numbers. */
const wholeLimit = 2 ** 53;
/** Below this, doubles have fewer than 15 digits. */
const smallest = 2 ** -1022;

export interface Decimal {
  /** The double nearest to the text; infinite where it is too large for any. */
  value: number;
  /** It says what the text says, digit for digit. */
  isExact: boolean;
  /**
   * It differs by what may matter: a whole number became another one, or the value is so small that it lost its digits. The digits of a
   * fraction past the sixteenth, as averages have them, are below 10⁻¹⁵ of the value: nobody measured them.
   */
  isRounded: boolean;
}

/** Reads the text of a decimal number. @returns null for what is none, as `0x10` or ` 5` */
export function readDecimal(text: string): Decimal | null {
  if (!decimal.test(text)) return null;
  const value = Number(text);
  if (text.length <= alwaysExact && !/[eE]/.test(text)) return { value, isExact: true, isRounded: false };
  const isExact = isSame(text, value);
  const size = Math.abs(value);
  return { value, isExact, isRounded: Number.isFinite(value) && !isExact && (size >= wholeLimit || size < smallest) };
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

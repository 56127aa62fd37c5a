import { AppError } from '#common/contract/errors.ts';

/** Names that mean something to JavaScript's objects: harmless in JSON, a trap for whatever copies it into an object. */
const reservedNames = new Set(['__proto__', 'constructor', 'prototype']);
const encoding = 'Send one JSON object, encoded as UTF-8.';

/**
 * Reads a request's body.
 * @throws AppError validation_failed, naming the place: not UTF-8, not JSON, a name or a character that cannot be kept as it is
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  // Only texts with one of these can hold what is refused; the others need not be walked.
  if (/proto|constructor|\\u/i.test(text)) checkTexts(value);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const offset = validLength(bytes);
    throw new AppError('validation_failed', `The body is not UTF-8: the bytes at offset ${offset} are no character.`, { hint: encoding });
  }
}

/** How many bytes at the start are whole characters. */
function validLength(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (lengthOfWhole(bytes.subarray(0, middle)) === null) invalid = middle;
    else valid = middle;
  }
  return lengthOfWhole(bytes.subarray(0, valid)) ?? 0;
}

/** The length without a last character that is cut short; null when there is a wrong one. */
function lengthOfWhole(bytes: Uint8Array): number | null {
  try {
    return Buffer.byteLength(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true }));
  } catch {
    return null;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error);
    throw new AppError('validation_failed', `The body cannot be read as JSON: ${reason}.`, { hint: encoding });
  }
}

/** Looks at every name and text, without recursion: bodies may be nested as deep as they like. */
function checkTexts(root: unknown): void {
  const open: { value: unknown; path: string }[] = [{ value: root, path: '' }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value, path } = at;
    if (typeof value === 'string') checkText(value, path);
    if (typeof value !== 'object' || value === null) continue;
    for (const name of Object.keys(value)) {
      const inner = path === '' ? name : `${path}.${name}`;
      if (reservedNames.has(name)) {
        throw new AppError('validation_failed', `“${inner}” in the body has a reserved name.`, {
          field: inner,
          hint: `Use another name: ${[...reservedNames].join(', ')} are names of JavaScript’s own.`,
        });
      }
      checkText(name, inner);
      open.push({ value: (value as Record<string, unknown>)[name], path: inner });
    }
  }
}

/** Databases keep neither; they would store something else without a word, or fail. */
function checkText(text: string, path: string): void {
  const what = !text.isWellFormed() ? 'half a character (a lone surrogate)' : text.includes('\0') ? 'a NUL character' : null;
  if (what === null) return;
  throw new AppError('validation_failed', `“${path.toWellFormed()}” in the body has ${what}.`, {
    field: path.toWellFormed(),
    hint: 'Leave it out: it cannot be stored as it is.',
  });
}

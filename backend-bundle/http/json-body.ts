import { AppError } from '#common/contract/errors.ts';

/** Names with a special meaning in JavaScript objects. They are harmless in JSON, but not in code that copies it to an object. */
const reservedNames = new Set(['__proto__', 'constructor', 'prototype']);
const encoding = 'Send one JSON object, encoded as UTF-8.';

/**
 * Reads a request's body.
 * @throws AppError validation_failed, naming the position: not UTF-8, not JSON, or a name or character that cannot be stored unchanged
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  // Only a text with one of these can contain what is refused; others need no check.
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

/** Returns the length of the longest valid UTF-8 prefix, bytes. */
function validLength(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (lengthOfWhole(bytes.subarray(0, middle)) === null) invalid = middle;
    else valid = middle;
  }
  return lengthOfWhole(bytes.subarray(0, valid)) ?? 0;
}

/** Returns the length without an incomplete last character, bytes; null when there is an invalid one. */
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

/** Checks every name and text without recursion, because bodies may be nested to any depth. */
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

/** Databases can't store either: they would silently store something else, or fail. */
function checkText(text: string, path: string): void {
  const what = !text.isWellFormed() ? 'half a character (a lone surrogate)' : text.includes('\0') ? 'a NUL character' : null;
  if (what === null) return;
  throw new AppError('validation_failed', `“${path.toWellFormed()}” in the body has ${what}.`, {
    field: path.toWellFormed(),
    hint: 'Leave it out: it cannot be stored as it is.',
  });
}

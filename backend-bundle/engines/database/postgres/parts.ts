import { randomUUID } from 'node:crypto';

/**
 * PostgreSQL refuses NOTIFY payloads of 8,000 bytes or more, and a character takes up to 4. The `u` flag keeps surrogate pairs together.
 */
const pieces = /.{1,1900}/gsu;
/** Maximum number of parts of one text. */
const maxParts = 64;
/** Maximum number of incomplete texts that are kept; the oldest is dropped first. */
const maxOpen = 32;

/** Splits a text into payloads: `<origin> <id> <index> <count> <piece>`. */
export function splitText(origin: string, text: string): string[] {
  const cut = text.match(pieces) ?? [''];
  if (cut.length > maxParts) throw new Error(`a notification of ${text.length} characters is too long for a channel`);
  const id = randomUUID();
  return cut.map((piece, i) => `${origin} ${id} ${i} ${cut.length} ${piece}`);
}

/** Reassembles payloads and calls `listener` with each complete text that did not come from `own`. */
export function joinParts(own: string, listener: (text: string) => void): (payload: string) => void {
  const open = new Map<string, string[]>();
  return (payload) => {
    const [, origin = '', id = '', index = '', count = '', piece = ''] = /^(\S+) (\S+) (\d+) (\d+) (.*)$/s.exec(payload) ?? [];
    if (origin === '' || origin === own) return;
    const found = open.get(id) ?? [];
    found[Number(index)] = piece;
    open.set(id, found);
    if (found.filter((part) => part !== undefined).length === Number(count)) {
      open.delete(id);
      listener(found.join(''));
    } else if (open.size > maxOpen) open.delete(open.keys().next().value ?? '');
  };
}

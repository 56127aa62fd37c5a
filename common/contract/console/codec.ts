/**
 * Frames on a WebSocket. A frame is JSON text; one that carries long arrays of numbers (the points of a series) is binary
 * instead, so that a million points are not printed and parsed as decimals:
 *
 *   uint32 header length · header JSON, padded to 8 bytes · the arrays as float64, one after the other, little-endian
 *
 * The header is `{ frame, arrays: [[path, length], …] }`; each array was cut out of the frame at its path.
 */
type Path = (string | number)[];
interface Header {
  frame: unknown;
  arrays: [Path, number][];
}

/** Shorter arrays stay in the JSON. */
const worthCutting = 64;

export function encodeFrame(frame: object): string | Uint8Array<ArrayBuffer> {
  const arrays: { path: Path; values: number[] }[] = [];
  const rest = cut(frame, [], arrays);
  if (arrays.length === 0) return JSON.stringify(frame);
  const header: Header = { frame: rest, arrays: arrays.map(({ path, values }) => [path, values.length]) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = aligned(4 + text.length);
  const total = arrays.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = new Uint8Array(start + total * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, text.length, true);
  bytes.set(text, 4);
  let offset = start;
  for (const { values } of arrays)
    for (const value of values) {
      view.setFloat64(offset, value, true);
      offset += 8;
    }
  return bytes;
}

/** @throws Error when the bytes are no frame; what the frame says is not checked here */
export function decodeFrame(data: string | ArrayBuffer): unknown {
  if (typeof data === 'string') return JSON.parse(data);
  const view = new DataView(data);
  const length = view.getUint32(0, true);
  const { frame, arrays } = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length))) as Header;
  let offset = aligned(4 + length);
  for (const [path, count] of arrays) {
    const values = new Array<number>(count);
    for (let i = 0; i < count; i += 1, offset += 8) values[i] = view.getFloat64(offset, true);
    put(frame, path, values);
  }
  return frame;
}

const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8;

/** A copy of `value` in which long arrays of numbers are empty; only the branches that hold one are copied. */
function cut(value: unknown, path: Path, found: { path: Path; values: number[] }[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    if (value.length >= worthCutting && value.every((item) => typeof item === 'number')) {
      found.push({ path, values: value });
      return [];
    }
    return value.map((item, index) => cut(item, [...path, index], found));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item, [...path, key], found)]));
}

function put(root: unknown, path: Path, values: number[]): void {
  let at = root as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as typeof at;
  const last = path.at(-1);
  if (last === undefined || !Array.isArray(at[last])) throw new Error('The frame names an array that it does not hold.');
  at[last] = values;
}

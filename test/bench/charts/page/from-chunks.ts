import { encodeChunk, openChunk } from '#common/timeseries/chunk.ts';
import type { Contestant, Line } from './contestant.ts';
import { ours } from './ours.ts';

/** Points of one stored chunk, about those of a busy day. */
const chunkPoints = 1_000_000;

interface Stored {
  length: number;
  chunks: Uint8Array[];
}

/** Our engine from the cache: lines lie in the chunks in which the console stores them, and are opened before they are drawn. */
export const oursFromChunks: Contestant = {
  prepare({ t, v }: Line): Stored {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < v.length; at += chunkPoints) {
      chunks.push(encodeChunk({ t: t.subarray(at, at + chunkPoints), v: v.subarray(at, at + chunkPoints) }));
    }
    return { length: v.length, chunks };
  },
  open: (host, prepared) => ours.open(host, (prepared as readonly Stored[]).map(opened)),
};

function opened({ length, chunks }: Stored): Line {
  const line: Line = { t: new Float64Array(length), v: new Float64Array(length) };
  let at = 0;
  // Each goes when it has been read: two copies of a hundred million points would not fit in every machine.
  for (let bytes = chunks.shift(); bytes; bytes = chunks.shift()) {
    const chunk = openChunk(bytes);
    const { t, v } = chunk.slice(0, chunk.length);
    line.t.set(t, at);
    line.v.set(v, at);
    at += chunk.length;
  }
  return line;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { BucketStats } from '#backend/engines/signals/chunks/buckets.ts';
import { wholeRange } from '#backend/engines/signals/chunks/grid.ts';
import { finish } from '#backend/engines/signals/chunks/slices.ts';
import { ChunkStore } from '#backend/engines/signals/chunks/store.ts';
import { isExploring, randomFrom, seed } from '../support/chance.ts';
import { now, stepOf } from './chunks-crash-steps.ts';

const child = new URL('./chunks-crash-child.ts', import.meta.url).pathname;
const random = randomFrom(seed);
/** Of each of the four files. */
const kills = isExploring ? 50 : 8;

/** Number of stored steps before the random moment of the kill, so that a slow machine gets as far as a fast one. */
const minSteps = 2;
const maxSteps = 12;

/** Writes from step `first` on until it is killed, some steps and a random time later. @returns the last step that it reported as stored */
async function writeAndDie(file: string, first: number): Promise<number> {
  const writer = spawn(process.execPath, [child, file, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(writer, 'close');
  const enough = minSteps + Math.floor(random() * (maxSteps - minSteps));
  let said = '';
  const stored = new Promise<void>((resolve) => {
    writer.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.split('\n').length > enough) resolve();
    });
  });
  await Promise.race([stored, gone.then(() => Promise.reject(new Error('the writer ended by itself')))]);
  await sleep(random() * 25);
  writer.kill('SIGKILL');
  await gone;
  // The kill may have cut off the last line; the lines before it are complete.
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

type Model = Map<string, Map<number, number>>;

function write(model: Model, k: number): Model {
  for (const { labels, points } of stepOf(k).writes) {
    const series = labels['series'] ?? '';
    const rows = model.get(series) ?? new Map<number, number>();
    model.set(series, rows);
    for (const [i, t] of points.t.entries()) rows.set(t, points.v[i] ?? 0);
  }
  return model;
}

function expire(model: Model, k: number): Model {
  const before = stepOf(k).expire ?? 0;
  for (const rows of model.values()) for (const t of rows.keys()) if (t < before) rows.delete(t);
  return model;
}

function remove(model: Model, k: number): Model {
  const { series, from, to } = stepOf(k).remove ?? { series: '', from: 0, to: 0 };
  for (const t of model.get(series)?.keys() ?? []) if (t >= from && t < to) model.get(series)?.delete(t);
  return model;
}

const copy = (model: Model): Model => new Map([...model].map(([series, points]) => [series, new Map(points)]));

function stored(file: string): Model {
  const store = new ChunkStore(file, () => now);
  try {
    const found: Model = new Map();
    for (const { id, labels } of store.catalogue.named('metric', 'crash')) {
      const { t, v } = finish(store.reads.read(id, 0, Infinity));
      found.set(labels['series'] ?? '', new Map(Array.from(t, (time, i) => [time, v[i] ?? 0])));
      // Headers agree with their points: nothing is counted twice.
      const check = (bucket: BucketStats) => {
        expect([bucket.n, bucket.records]).toEqual([t.length, t.length]);
        expect(bucket.sum).toBeCloseTo(
          v.reduce((sum, value) => sum + value, 0),
          3,
        );
      };
      finish(store.reads.aggregate(id, 0, Infinity, wholeRange, check));
    }
    expect(store.damage.all).toEqual([]);
    return found;
  } finally {
    store.close();
  }
}

/** Returns what `found` lacks of `min`, and what it has beyond `max`. */
function faults(found: Model, least: Model, most: Model): string[] {
  const missing = (from: Model, held: Model, what: string) =>
    [...from].flatMap(([series, points]) =>
      [...points].flatMap(([t, v]) => (held.get(series)?.get(t) === v ? [] : [`${what}: ${v} at ${t} of series ${series}`])),
    );
  return [...missing(least, found, 'lost'), ...missing(found, most, 'came from nowhere')];
}

/** Kills the writer of one file again and again. @returns steps that were stored */
async function crash(file: string, rounds: number): Promise<number> {
  const model: Model = new Map();
  let next = 0;
  for (let round = 0; round < rounds; round++) {
    const last = await writeAndDie(file, next);
    for (; next <= last; next++) remove(expire(write(model, next), next), next);
    const found = stored(file);
    // The interrupted step is stored completely or not at all. Old points may be partly deleted; an interval is deleted completely or not
    // at all.
    const written = write(copy(model), next);
    const expired = expire(copy(written), next);
    const removed = remove(copy(expired), next);
    const possible = [faults(found, removed, removed), faults(found, expired, written), faults(found, model, model)];
    if (possible.every((list) => list.length > 0)) expect(possible).toContainEqual([]);
  }
  return next;
}

it('keeps what was acknowledged, once, through kills in the middle of appending, sealing and deleting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-crash-'));
  try {
    const steps = await Promise.all(['a', 'b', 'c', 'd'].map((name) => crash(join(folder, name), kills)));
    // The writers did write, and delete: a test of nothing would pass as well.
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(kills * minSteps);
    expect(Array.from({ length: kills * minSteps }, (_, k) => stepOf(k)).some((step) => step.remove)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);

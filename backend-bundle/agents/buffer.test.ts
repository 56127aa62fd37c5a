import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DiskBuffer } from './buffer.ts';

let folder: string;
let said: string[];
const log = pino({ level: 'error' }, { write: (line: string) => said.push(line) });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-buffer-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (more: { maxBytes?: number; fileBytes?: number } = {}) =>
  DiskBuffer.open({ folder, log, maxBytes: 1_000_000, fileBytes: 1_000, ...more });
const batch = (value: number) => ({
  batchId: uuidv7(),
  metrics: [{ name: 'm', labels: { host: 'h' }, points: [[value, value] as [number, number]] }],
});
const files = () => readdirSync(folder).sort();

async function drain(buffer: DiskBuffer): Promise<number[]> {
  const values: number[] = [];
  for (let next = await buffer.peek(); next !== null; next = await buffer.peek()) {
    values.push(next.metrics[0]?.points[0]?.[1] ?? Number.NaN);
    await buffer.done(next.batchId);
  }
  return values;
}

it('returns what was added, in order, and leaves no file behind', async () => {
  const buffer = await open();
  for (let i = 0; i < 50; i++) await buffer.append(batch(i));
  expect(files().length).toBeGreaterThan(3);
  expect(await drain(buffer)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(files()).toEqual([]);
  expect(buffer.bytes).toBe(0);
});

it('keeps its batches over a restart and skips an unfinished line', async () => {
  const before = await open();
  for (let i = 0; i < 20; i++) await before.append(batch(i));
  appendFileSync(join(folder, files().at(-1) ?? ''), '{"batchId":"cut sho');
  const after = await open();
  await after.append(batch(20));
  expect(await drain(after)).toEqual(Array.from({ length: 21 }, (_, i) => i));
  expect(said).toEqual([]);
});

it('skips a damaged line and logs it', async () => {
  const before = await open();
  await before.append(batch(0));
  appendFileSync(join(folder, files()[0] ?? ''), 'rubbish\n{"batchId":"no uuid"}\n');
  const after = await open();
  await after.append(batch(1));
  expect(await drain(after)).toEqual([0, 1]);
  expect(said.join()).toContain('"lines":2');
});

it('drops the oldest batches above the size limit, counts them, and continues', async () => {
  const buffer = await open({ maxBytes: 5_000 });
  for (let i = 0; i < 200; i++) await buffer.append(batch(i));
  expect(files().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThanOrEqual(5_000);
  const kept = await drain(buffer);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 200 - kept.length + i));
  const dropped = said.map((line) => JSON.parse(line).batches as number).reduce((sum, count) => sum + count, 0);
  expect(kept.length + dropped).toBe(200);
});

it('loses nothing and keeps the order, in any sequence of appending, delivering and restarting', async () => {
  const step = fc.constantFrom('append', 'append', 'deliver', 'restart');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      rmSync(folder, { recursive: true });
      let buffer = await open({ fileBytes: 400 });
      let appended = 0;
      const delivered: number[] = [];
      for (const each of steps) {
        if (each === 'append') await buffer.append(batch(appended++));
        else if (each === 'restart') buffer = await open({ fileBytes: 400 });
        else {
          const next = await buffer.peek();
          if (next === null) continue;
          delivered.push(next.metrics[0]?.points[0]?.[1] ?? Number.NaN);
          await buffer.done(next.batchId);
        }
      }
      delivered.push(...(await drain(buffer)));
      // A restart may deliver one file again; its batches carry the same ids.
      expect([...new Set(delivered)]).toEqual(Array.from({ length: appended }, (_, i) => i));
    }),
    { numRuns: 40 },
  );
});

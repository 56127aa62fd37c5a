import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { type ChunkSignalStore, openChunkSignals } from '#backend/engines/signals/chunks/open.ts';
import { movePoints } from '#backend/engines/signals/move.ts';
import { openSignalStore, openSignals } from '#backend/engines/signals/open.ts';
import { onPostgres, onSqlite, silent } from './adapters.ts';

const n = 130_000;
const start = 1_700_000_000_000;
const everything = { from: 0, to: 1e15, aggregation: 'raw', bucketMs: 0, maxPoints: 1_000_000 } as const;
const column = (value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));

onSqlite('points of an earlier version', (adapter) => {
  const filled = async () => {
    const location = await adapter.fresh();
    const database = await adapter.open(location);
    const table = openSignalStore(database);
    const v = column((i) => i / 8);
    const segment = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 'even' : 'odd'));
    const t = column((i) => start + i * 1000);
    await table.appendSignals('belt', { segment, t, count: column(() => 2), min: v, max: v, avg: v, sum: column((i) => i / 4) });
    await table.appendMetrics([{ name: 'cpu', unit: '%', labels: { host: 'a' }, points: [[start, 5]] }]);
    return { database, table, folder: dirname('file' in location ? location.file : '') };
  };
  const questions = [
    { ...everything, selector: { from: 'signal', loaderCode: 'belt' } },
    { ...everything, aggregation: 'sum', bucketMs: 3_600_000, selector: { from: 'signal', loaderCode: 'belt', segmentCode: 'odd' } },
    { ...everything, selector: { from: 'metric', name: 'cpu', labels: {} } },
  ] as const;

  it('are all in chunks after the next start, and the control database has shrunk', async () => {
    const { database, table, folder } = await filled();
    const before = await Promise.all(questions.map((question) => table.query(question)));
    const metrics = await table.metricSeries();
    const size = await database.size();
    const { signals, close } = await openSignals(database, folder, silent);
    expect(await Promise.all(questions.map((question) => signals.query(question)))).toEqual(before);
    expect(await signals.metricSeries()).toEqual(metrics);
    expect(await table.series({ from: 'signal', loaderCode: 'belt' })).toEqual([]);
    expect(await database.size()).toBeLessThan(size / 2);
    expect(await signals.health()).toMatchObject({ damage: [], bytes: expect.any(Number) });
    await close();
  });

  it('stay where they are while the labels of their series cannot be read, and the others are moved', async () => {
    const { database, folder } = await filled();
    const labelsOfCpu = (labels: string) => database.query.updateTable('series').set({ labels }).where('name', '=', 'cpu').execute();
    await labelsOfCpu('{"host":7}');
    const { signals, close } = await openSignals(database, folder, silent);
    expect(await signals.series({ from: 'signal', loaderCode: 'belt' })).toHaveLength(2);
    expect(await signals.metricSeries()).toEqual([]);
    expect(await database.unreadable.describe('engines')).toContain('Column labels of table series, row id');
    await close();
    await labelsOfCpu('{"host":"a"}');
    const again = await openSignals(database, folder, silent);
    expect(await again.signals.metricSeries()).toMatchObject([{ name: 'cpu', labels: { host: 'a' } }]);
    await again.close();
  });

  it('continue to be moved where it stopped after the disk was full', async () => {
    const { database, table, folder } = await filled();
    const before = await table.query(questions[0]);
    const chunks = await openChunkSignals(join(folder, 'series.db'));
    let steps = 0;
    const failing: Pick<ChunkSignalStore, 'append'> = {
      append: async (writes) => {
        steps += 1;
        // The second step is stored but not acknowledged: repeating it must be harmless.
        if (steps <= 2) await chunks.append(writes);
        if (steps === 2) throw new Error('the process dies here');
      },
    };
    await expect(movePoints(database, failing, silent)).rejects.toThrow('dies here');
    expect(await movePoints(database, chunks, silent)).toBe(n + 1 - 50_000);
    expect(await chunks.query(questions[0])).toEqual(before);
    await chunks.close();
  });

  it('stay where they are only if no chunk can store their time', async () => {
    const { database, table, folder } = await filled();
    // As stored before times had a limit; today no door lets it in.
    const stored = await database.query
      .selectFrom('points')
      .selectAll()
      .where('sum', '=', 5)
      .where('t', '=', start)
      .executeTakeFirstOrThrow();
    await database.query
      .insertInto('points')
      .values({ ...stored, t: 1e14 })
      .execute();
    const { signals, close } = await openSignals(database, folder, silent);
    expect((await signals.query(questions[2]))[0]?.t).toEqual(Float64Array.of(start));
    expect((await table.query(questions[2]))[0]?.t).toEqual(Float64Array.of(1e14));
    await close();
  });
});

onPostgres('points', (adapter) => {
  it('stay in the table, which several processes share', async () => {
    const database = await adapter.open();
    const folder = await mkdtemp(join(tmpdir(), 'watchfloor-shared-'));
    const { signals, close } = await openSignals(database, folder, silent);
    await signals.appendMetrics([{ name: 'cpu', unit: '', labels: {}, points: [[start, 1]] }]);
    expect(await openSignalStore(database).metricSeries()).toHaveLength(1);
    expect(existsSync(join(folder, 'series.db'))).toBe(false);
    await close();
    await rm(folder, { recursive: true });
  });
});

import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type Chart, chart } from '#common/contract/charts.ts';
import type { BusEvent } from '../engines/bus/port.ts';
import { ChartLibrary } from './chart-library.ts';

/** A charts service whose replies wait until the test releases them, and the bus that publishes its changes. */
class ChartsService {
  readonly waiting: (() => void)[] = [];
  readonly #charts: Chart[] = [];
  readonly #events: BusEvent[] = [];

  add(code: string): void {
    const made = { version: 1, createdAt: 0, createdBy: 'sara', updatedAt: 0, updatedBy: 'sara' };
    this.#charts.push(chart.parse({ ...made, code, title: code, selector: { from: 'signal', loaderCode: code } }));
    this.#events.push({
      id: String(this.#events.length + 1),
      type: 'chart.changed',
      at: 0,
      payload: { chartCode: code, version: 1, by: 'sara' },
    });
  }

  library(): ChartLibrary {
    const bus = {
      lastId: async () => String(this.#events.length),
      replay: async (afterId: string) => this.#events.slice(Number(afterId)),
    };
    const list = async () => {
      const items = [...this.#charts];
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      return { items };
    };
    const engines = { bus, log: pino({ enabled: false }) } as unknown as ConstructorParameters<typeof ChartLibrary>[0];
    const peers = { as: () => ({ charts: { list } }) } as unknown as ConstructorParameters<typeof ChartLibrary>[1];
    return new ChartLibrary(engines, peers, 'alerting');
  }

  async answer(): Promise<void> {
    await expect.poll(() => this.waiting.length).toBeGreaterThan(0);
    this.waiting.shift()?.();
  }
}

test('a call after a change is not answered by a read that started before it', async () => {
  const service = new ChartsService();
  const library = service.library();
  service.add('first');
  const before = library.current();
  await expect.poll(() => service.waiting.length).toBe(1);
  service.add('second');
  const after = library.fresh();
  await service.answer();
  expect([...(await before).keys()]).toEqual(['first']);
  await service.answer();
  expect([...(await after).keys()]).toEqual(['first', 'second']);
});

test('calls without a change in between share one read', async () => {
  const service = new ChartsService();
  const library = service.library();
  service.add('first');
  const answers = Promise.all([library.current(), library.current(), library.fresh()]);
  await service.answer();
  expect((await answers).map(({ size }) => size)).toEqual([1, 1, 1]);
  expect(service.waiting).toEqual([]);
});

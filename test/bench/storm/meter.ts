import type { Page } from 'playwright-core';

/** The measurements since the last reading. All times in ms. */
export interface Reading {
  /** From a real click or key press to the next painted frame. */
  clicks: number[];
  keys: number[];
  /** Between two painted frames. */
  frames: number[];
  /** Main thread blocked for longer than 50 ms. */
  blocks: number[];
}

/** Watches input, frames and the main thread of a page, from before its first script. */
export async function installMeter(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const empty = (): Reading => ({ clicks: [], keys: [], frames: [], blocks: [] });
    const meter = { reading: empty() };
    (window as unknown as { meter: { take: () => Reading } }).meter = {
      ...meter,
      take: () => {
        const { reading } = meter;
        meter.reading = empty();
        return reading;
      },
    } as never;
    // The time stamp of an input is when the browser got it, so that waiting for a busy page counts.
    const painted = (event: Event, into: 'clicks' | 'keys') =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => meter.reading[into].push(performance.now() - event.timeStamp);
        channel.port2.postMessage(null);
      });
    addEventListener('pointerdown', (event) => painted(event, 'clicks'), true);
    addEventListener('keydown', (event) => painted(event, 'keys'), true);
    let before = performance.now();
    const frame = (at: number) => {
      meter.reading.frames.push(at - before);
      before = at;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) meter.reading.blocks.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
  });
}

/** Reads the meter and sets it back. */
export function readMeter(page: Page): Promise<Reading> {
  return page.evaluate(() => (window as unknown as { meter: { take: () => Reading } }).meter.take());
}

/** Reads the CPU time of a page's main thread since its start, ms, independent of other load on the machine. */
export async function openWorkMeter(page: Page): Promise<{ read: () => Promise<number>; close: () => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    async read() {
      const { metrics } = await session.send('Performance.getMetrics');
      const found = metrics.find((metric) => metric.name === 'TaskDuration');
      if (!found) throw new Error('This browser does not tell how long its tasks take.');
      return found.value * 1_000;
    },
    close: () => session.detach(),
  };
}

/** The value that `share` of them do not exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

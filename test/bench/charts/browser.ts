import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../support/chromium.ts';
import type { Bench } from './page/main.ts';

const always = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Measures the real duration of a frame, without waiting for the next sixtieth of a second.
  '--disable-frame-rate-limit',
  '--disable-gpu-vsync',
  '--enable-blink-features=ForceEagerMeasureMemory',
];
const gpuFlags = ['--enable-gpu', '--ignore-gpu-blocklist', '--enable-gpu-rasterization', '--use-angle=vulkan', '--enable-features=Vulkan'];

/**
 * Starts the Chromium that `WATCHFLOOR_CHROMIUM` names or that is found here. With `gpu` it is asked to use one; further flags, such as
 * another `--use-angle`, may stand in `WATCHFLOOR_CHROMIUM_FLAGS`.
 */
export function startBrowser(gpu: boolean): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium here: install it, or set WATCHFLOOR_CHROMIUM to its path.');
  const more = (process.env['WATCHFLOOR_CHROMIUM_FLAGS'] ?? '').split(/\s+/).filter((flag) => flag !== '');
  // Playwright itself would turn the GPU off where the window is not shown.
  return chromium.launch({
    executablePath,
    args: [...always, ...(gpu ? gpuFlags : ['--enable-unsafe-swiftshader']), ...more],
    ...(gpu && { ignoreDefaultArgs: ['--disable-gpu'] }),
  });
}

/** A separate page in a separate process. */
export class BenchPage {
  readonly page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  static async open(browser: Browser, url: string, size: { width: number; height: number }): Promise<BenchPage> {
    const page = await browser.newPage({ viewport: size });
    page.setDefaultTimeout(0);
    await page.goto(url);
    await page.waitForFunction(() => 'bench' in globalThis);
    const session = await page.context().newCDPSession(page);
    // The thread's own CPU time, independent of other load on the machine.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new BenchPage(page, session);
  }

  call<K extends keyof Bench>(name: K, ...args: Parameters<Bench[K]>): Promise<Awaited<ReturnType<Bench[K]>>> {
    return this.page.evaluate(
      ([what, given]) => (globalThis as unknown as { bench: Record<string, (...all: unknown[]) => unknown> }).bench[what]?.(...given),
      [name, args] as [string, unknown[]],
    ) as Promise<Awaited<ReturnType<Bench[K]>>>;
  }

  /** Milliseconds the page's main thread has worked since it began. */
  async mainThread(): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const found = metrics.find((metric) => metric.name === 'TaskDuration');
    if (!found) throw new Error('this browser does not tell how long its tasks take');
    return found.value * 1000;
  }

  /** Nodes and listeners of the page that are still held after a collection. */
  async domCounters(): Promise<{ nodes: number; jsEventListeners: number }> {
    await this.#session.send('HeapProfiler.collectGarbage');
    return this.#session.send('Memory.getDOMCounters');
  }

  /** Returns the share of the window's columns in which a line is visible. */
  async inked(): Promise<number> {
    const picture = await this.page.screenshot();
    return this.call('inked', `data:image/png;base64,${picture.toString('base64')}`);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

import type { Browser, Page } from 'playwright-core';
import type { ChartsPage } from './page/main.ts';

/** A page with the chart engine and nothing else. */
export class EnginePage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string, viewport = { width: 1_000, height: 700 }): Promise<EnginePage> {
    const page = await browser.newPage({ viewport });
    const opened = new EnginePage(page);
    await page.goto(url);
    await opened.ready();
    return opened;
  }

  async ready(): Promise<void> {
    await this.page.waitForFunction(() => 'charts' in globalThis);
  }

  call<K extends keyof ChartsPage>(name: K, ...args: Parameters<ChartsPage[K]>): Promise<Awaited<ReturnType<ChartsPage[K]>>> {
    return this.page.evaluate(
      ([what, given]) => (globalThis as unknown as { charts: Record<string, (...all: unknown[]) => unknown> }).charts[what]?.(...given),
      [name, args] as [string, unknown[]],
    ) as Promise<Awaited<ReturnType<ChartsPage[K]>>>;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { type Product, password, startProduct } from '../../e2e/product.ts';
import { launchChromium } from '../../support/chromium.ts';
import { residentOf, toRow } from '../charts/soak.ts';
import { judge, type Sample } from '../charts/verdict.ts';
import type { Row } from '../row.ts';
import { kioskCodes, makeKioskDashboards } from './dashboards.ts';
import { PageHeaps } from './heap.ts';

const minute = 60_000;
/** A wall changes its dashboard every 10 s; here three times as often, so that ten minutes hold the visits of half an hour. */
const visitMs = 3_000;
const sampleEveryMs = 15_000;
/** How long the network is away each time, ms. */
const outageMs = 30_000;
/** Time limit for the wall to show new data after the network is back, ms. */
const backWithinMs = 60_000;
const megabyte = 1_048_576;

/**
 * A wall on the real product: two dashboards of 30 panels in turn, read again every 5 s, for ten minutes (three with `quick`). On the way
 * the page loses its network, the backend stops answering, and the session ends. Says the samples, and sets the exit code when what the
 * page holds is not flat, or when the wall does not come back by itself.
 */
export async function benchKiosk(quick: boolean, say: (text: string) => void): Promise<Row[]> {
  const product = await startProduct({ WATCHFLOOR_REQUESTS_PER_MINUTE: '2000' });
  let browser: Browser | undefined;
  try {
    await makeKioskDashboards(await product.client());
    browser = await launchChromium();
    const wall = await Wall.open(browser, product);
    const events = eventsOf(wall, product, say);
    const totalMs = (quick ? 3 : 10) * minute;
    const samples = await wall.live(totalMs, events, say);
    const verdicts = judge(samples);
    for (const { kind, level, rise, allowed, flat } of verdicts) {
      say(
        `${kind}: ${Math.round(level)}, ${Math.round(rise)} more since the warm-up: ${flat ? 'flat' : 'NOT FLAT'} (up to ${Math.round(allowed)})`,
      );
    }
    for (const problem of wall.problems) say(`problem: ${problem}`);
    if (wall.problems.length > 0 || verdicts.some(({ flat }) => !flat)) process.exitCode = 1;
    return verdicts.map((verdict) => toRow(verdict, `kiosk of ${totalMs / minute} min`));
  } finally {
    await browser?.close();
    await product.stop();
  }
}

/** An event during the run of the wall, and when it happens. */
interface WallEvent {
  at: number;
  name: string;
  run(): Promise<void>;
}

function eventsOf(wall: Wall, product: Product, say: (text: string) => void): WallEvent[] {
  const backend = () => product.backendPid();
  return [
    {
      at: 0.3,
      name: 'the page loses its network',
      async run() {
        await wall.page.context().setOffline(true);
        await wall.show(outageMs);
        await wall.page.context().setOffline(false);
      },
    },
    {
      at: 0.5,
      name: 'the backend stops answering',
      async run() {
        process.kill(backend(), 'SIGSTOP');
        await wall.show(outageMs);
        await wall.lookForEmptyPanels();
        process.kill(backend(), 'SIGCONT');
      },
    },
    { at: 0.65, name: 'the session ends', run: () => endSessions(product) },
  ].map((event) => ({
    ...event,
    async run() {
      say(event.name);
      await event.run();
      say(`  shows new points after ${Math.round((await wall.comeBack(event.name)) / 1_000)} s`);
    },
  }));
}

/** A new password ends every session of a user, and every token. It is the same one, so that the console may sign in again. */
async function endSessions(product: Product): Promise<void> {
  const client = await product.client();
  const { items } = await client.auth.listUsers({});
  const admin = items.find(({ username }) => username === 'admin');
  if (admin === undefined) throw new Error('There is no admin.');
  await client.auth.updateUser({ params: { id: admin.id }, body: { password } });
}

class Wall {
  readonly page: Page;
  readonly problems: string[] = [];
  readonly #browser: Browser;
  readonly #heaps: PageHeaps;
  #turn = 0;

  static async open(browser: Browser, product: Product): Promise<Wall> {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    page.setDefaultTimeout(minute);
    const heaps = await PageHeaps.open(page);
    await page.goto(product.console);
    await page.getByRole('heading', { name: 'Key numbers' }).waitFor();
    const wall = new Wall(browser, page, heaps);
    for (const code of kioskCodes) {
      await page.evaluate((path) => history.pushState({}, '', path), `/dashboards/${code}?kiosk=true`);
      await wall.#see(code);
    }
    return wall;
  }

  private constructor(browser: Browser, page: Page, heaps: PageHeaps) {
    this.#browser = browser;
    this.page = page;
    this.#heaps = heaps;
    page.on('pageerror', ({ message }) => this.problems.push(message));
  }

  /** Runs for `totalMs` with the given events. */
  async live(totalMs: number, events: readonly WallEvent[], say: (text: string) => void): Promise<Sample[]> {
    const samples: Sample[] = [];
    const left = [...events];
    const startedAt = performance.now();
    const passed = () => performance.now() - startedAt;
    while (passed() < totalMs) {
      await this.show(sampleEveryMs);
      if (left[0] && passed() > left[0].at * totalMs) {
        await left.shift()?.run();
        await this.show(sampleEveryMs);
      }
      const { page, workers, nodes, listeners } = await this.#heaps.read();
      const sample = { at: passed(), heap: page + workers, nodes, listeners, resident: await residentOf(this.#browser) };
      samples.push(sample);
      say(
        `${(sample.at / minute).toFixed(1)} min: page ${mb(page)}, workers ${mb(workers)}, ${nodes} nodes, ${listeners} listeners, process ${mb(sample.resident ?? 0)}`,
      );
      await this.#lookForSignIn();
    }
    return samples;
  }

  /** Changes from one dashboard to the other for so long, and ends on the first: two samples are of the same picture. */
  async show(forMs: number): Promise<void> {
    const until = performance.now() + forMs;
    while (performance.now() < until || this.#turn % 2 === 0) {
      this.#turn += 1;
      // Back and forth in the history, so that no entry is added.
      await this.page.evaluate((back) => (back ? history.back() : history.forward()), this.#turn % 2 === 1);
      await sleep(visitMs);
    }
  }

  /** Waits for points that are newer than this moment. @returns how long it took, ms */
  async comeBack(after: string): Promise<number> {
    const since = performance.now();
    const before = await this.#figures();
    while (performance.now() - since < backWithinMs) {
      await sleep(1_000);
      if (
        (await this.#figures()) !== before &&
        !(await this.page
          .getByText(/Offline|Reconnecting/)
          .first()
          .isVisible())
      ) {
        return performance.now() - since;
      }
    }
    this.problems.push(`after “${after}” nothing new was shown for ${backWithinMs / 1_000} s`);
    return backWithinMs;
  }

  /** Returns the texts of the wall's figures, without ages. */
  async #figures(): Promise<string> {
    return (await this.page.getByRole('region', { name: /^Speed now/ }).allInnerTexts()).join(' ');
  }

  /** Panels keep their last data while offline, with its age. */
  async lookForEmptyPanels(): Promise<void> {
    const empty = await this.page.getByText('This range couldn’t be loaded').count();
    if (empty > 0) this.problems.push(`${empty} panels lost what they showed when the backend stopped answering`);
  }

  async #lookForSignIn(): Promise<void> {
    if (await this.page.getByRole('button', { name: 'Sign in' }).first().isVisible()) this.problems.push('a sign-in is on the wall');
  }

  async #see(code: string): Promise<void> {
    await this.page.getByRole('heading', { name: `Kiosk ${code}` }).waitFor();
    await this.page
      .getByRole('region', { name: /^Speed now/ })
      .first()
      .getByText(/\d/)
      .first()
      .waitFor();
  }
}

const mb = (bytes: number) => `${(bytes / megabyte).toFixed(1)} MB`;

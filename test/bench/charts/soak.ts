import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { servePage } from '../../support/page-site.ts';
import type { Row } from '../row.ts';
import { BenchPage, startBrowser } from './browser.ts';
import { judge, type Kind, type Sample, type Verdict } from './verdict.ts';

const minute = 60_000;
/** A second dashboard comes and goes this often, in the charts' time. */
const visitMs = 10 * minute;
const megabyte = 1_048_576;
const units: Record<Kind, { name: string; unit: string; scale: number }> = {
  heap: { name: 'scripts and buffers', unit: 'MB', scale: megabyte },
  nodes: { name: 'nodes', unit: '', scale: 1 },
  listeners: { name: 'listeners', unit: '', scale: 1 },
  resident: { name: 'process', unit: 'MB', scale: megabyte },
};

/**
 * Eight hours of twelve live charts, as fast as they can be lived (an hour with `quick`): ten points a second to each of 48 lines, zooms, another
 * theme now and then, a second dashboard every ten minutes. Says the samples, and sets the exit code when what the page holds is not flat.
 */
export async function benchSoak(quick: boolean, say: (text: string) => void, gpu: boolean): Promise<Row[]> {
  const hours = quick ? 1 : 8;
  const site = await servePage(new URL('./page/', import.meta.url));
  const browser = await startBrowser(gpu);
  try {
    const samples = await soak(browser, site.url, { hours, leak: process.env['WATCHFLOOR_SOAK_LEAK'] === '1' }, say);
    const verdicts = judge(samples);
    if (verdicts.some(({ flat }) => !flat)) process.exitCode = 1;
    for (const { kind, level, rise, allowed, flat } of verdicts) {
      const { name, unit, scale } = units[kind];
      const figure = (value: number) => `${(value / scale).toFixed(scale === 1 ? 0 : 1)} ${unit}`.trim();
      say(
        `${name}: ${figure(level)}, ${rise < 0 ? '' : '+'}${figure(rise)} since the warm-up: ${flat ? 'flat' : 'NOT FLAT'} (up to +${figure(allowed)})`,
      );
    }
    return verdicts.map((verdict) => toRow(verdict, `${hours} h lived`));
  } finally {
    await browser.close();
    await site.close();
  }
}

async function soak(
  browser: Browser,
  url: string,
  { hours, leak }: { hours: number; leak: boolean },
  say: (text: string) => void,
): Promise<Sample[]> {
  const page = await BenchPage.open(browser, url, { width: 1920, height: 1080 });
  try {
    const samples: Sample[] = [];
    await page.call('soakStart', 12);
    say('   time   scripts+buffers   nodes   listeners   process');
    for (let visit = 1; visit * visitMs <= hours * 60 * minute; visit++) {
      await page.call('soakVisit', { visit, forMs: visitMs, leak });
      const sample = await sampleOf(page, browser, visit * visitMs);
      samples.push(sample);
      if (visit % 3 === 0) say(line(sample));
    }
    return samples;
  } finally {
    await page.close();
  }
}

export async function sampleOf(page: BenchPage, browser: Browser, at: number): Promise<Sample> {
  const { nodes, jsEventListeners } = await page.domCounters();
  return { at, heap: await page.call('memory'), nodes, listeners: jsEventListeners, resident: await residentOf(browser) };
}

/** Memory of the largest renderer process, which is the page's, bytes. */
export async function residentOf(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const sizes = processInfo.flatMap(({ type, id }) => (type === 'renderer' ? [rssOf(id)] : []));
    return sizes.length === 0 || sizes.includes(null) ? null : Math.max(...sizes.map(Number));
  } finally {
    await session.detach();
  }
}

function rssOf(pid: number): number | null {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

function line({ at, heap, nodes, listeners, resident }: Sample): string {
  const time = `${Math.floor(at / (60 * minute))}:${String(Math.round(at / minute) % 60).padStart(2, '0')}`;
  const size = (bytes: number | null) => (bytes === null ? '–' : `${(bytes / megabyte).toFixed(1)} MB`);
  return `${time.padStart(7)} ${size(heap).padStart(17)} ${String(nodes).padStart(7)} ${String(listeners).padStart(11)} ${size(resident).padStart(9)}`;
}

export function toRow({ kind, rise, allowed }: Verdict, lived: string): Row {
  const { name, unit, scale } = units[kind];
  const ours = rise / scale;
  const limit = allowed / scale;
  const work = `rise of ${name}, ${lived}`;
  // A fall is as good as it gets.
  return { work, peer: 'flat', ours, theirs: limit, unit, ratio: Math.min(1_000, limit / Math.max(ours, limit / 1_000)), target: 1 };
}

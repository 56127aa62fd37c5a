import { z } from 'zod';
import { type Chart, type ChartDefinition, chartDefinition, type SelectorTemplate } from '#common/contract/charts.ts';
import { numberInText } from '#common/contract/primitives.ts';
import { same } from '#common/versions/shape.ts';

export const tabs = ['chart', 'json', 'usage', 'versions'] as const;
export type Tab = (typeof tabs)[number];

export const libraryAddress = z.object({
  /** The chart shown next to the list. */
  code: z.string().optional(),
  q: z.string().optional(),
  tab: z.enum(tabs).default('chart'),
  /** The version on view. */
  version: numberInText(z.number().int().min(1)).optional(),
});

/** Describes what a selector reads: `belt-speed · belt-2`, `host_disk_percent · mount=/`. */
export function measureOf(selector: SelectorTemplate): string {
  if (selector.from === 'signal') return [selector.loaderCode, selector.segmentCode ?? []].flat().join(' · ');
  return [selector.name, ...Object.entries(selector.labels).map(([name, value]) => `${name}=${value}`)].join(' · ');
}

/** Returns the charts whose title, code or measure contains every word. */
export function found(charts: readonly Chart[], search: string): Chart[] {
  const wanted = search.trim().toLowerCase().split(/\s+/);
  return charts.filter((chart) => {
    const text = `${chart.title} ${chart.code} ${measureOf(chart.selector)} ${chart.unit} ${chart.type}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

export type Offer =
  | { state: 'new'; definition: ChartDefinition }
  | { state: 'same'; definition: ChartDefinition }
  | { state: 'replaces'; definition: ChartDefinition; before: Chart };
export type ReadImport =
  | { ok: true; offers: Offer[] }
  | { ok: false; problem: 'unreadable' | 'wrong' | 'nothing'; place: string; reason: string };

/** Parses definitions and finds what each would do here. Fields of a stored record (version, author) are ignored. */
export function readImport(text: string, known: readonly Chart[], definitionOf: (chart: Chart) => ChartDefinition): ReadImport {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: 'unreadable', place: '', reason: error instanceof Error ? error.message : String(error) };
  }
  const list = Array.isArray(json) ? json : [json];
  if (list.length === 0) return { ok: false, problem: 'nothing', place: '', reason: '' };
  const offers: Offer[] = [];
  for (const [i, one] of list.entries()) {
    const read = chartDefinition.safeParse(ownFields(one));
    if (!read.success) {
      const [issue] = read.error.issues;
      const reason = `${issue?.path.join('.') || 'definition'}: ${issue?.message ?? ''}`;
      return { ok: false, problem: 'wrong', place: nameOf(one) ?? String(i + 1), reason };
    }
    const before = known.find(({ code }) => code === read.data.code);
    if (!before) offers.push({ state: 'new', definition: read.data });
    else if (same(definitionOf(before), read.data)) offers.push({ state: 'same', definition: read.data });
    else offers.push({ state: 'replaces', definition: read.data, before });
  }
  return { ok: true, offers };
}

const recordNames = new Set(['version', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy', '$schema']);

function ownFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !recordNames.has(name)));
}

function nameOf(value: unknown): string | undefined {
  const named = z.object({ code: z.string() }).safeParse(value);
  return named.success ? named.data.code : undefined;
}

/** Prints a definition for a file: indented, its code first. */
export function printDefinition({ code, title, ...rest }: ChartDefinition): string {
  return JSON.stringify({ code, title, ...rest }, null, 2);
}

/** Returns the position after all pinned charts. */
export const nextPin = (charts: readonly Chart[]): number => Math.max(-1, ...charts.map(({ pinned }) => pinned ?? -1)) + 1;

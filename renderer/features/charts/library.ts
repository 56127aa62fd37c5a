import { z } from 'zod';
import { type Chart, type ChartDefinition, chartDefinition, type SelectorTemplate } from '#common/contract/charts.ts';
import { numberInText } from '#common/contract/primitives.ts';
import { same } from '#common/versions/shape.ts';

export const tabs = ['chart', 'json', 'usage', 'versions'] as const;
export type Tab = (typeof tabs)[number];

export const libraryAddress = z.object({
  /** The chart beside the list. */
  code: z.string().optional(),
  q: z.string().optional(),
  tab: z.enum(tabs).default('chart'),
  /** The version looked at. */
  version: numberInText(z.number().int().min(1)).optional(),
});

/** What a selector reads: `belt-speed · belt-2`, `host_disk_percent · mount=/`. */
export function measureOf(selector: SelectorTemplate): string {
  if (selector.from === 'signal') return [selector.loaderCode, selector.segmentCode ?? []].flat().join(' · ');
  return [selector.name, ...Object.entries(selector.labels).map(([name, value]) => `${name}=${value}`)].join(' · ');
}

/** The charts in whose title, code or measure every word occurs. */
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

/** The definitions in a text, and what each would do here. A record's own fields (version, who changed it) are left behind. */
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

/** A definition as a file: indented, its code first. */
export function printDefinition({ code, title, ...rest }: ChartDefinition): string {
  return JSON.stringify({ code, title, ...rest }, null, 2);
}

/** The place after every chart that is pinned. */
export const nextPin = (charts: readonly Chart[]): number => Math.max(-1, ...charts.map(({ pinned }) => pinned ?? -1)) + 1;

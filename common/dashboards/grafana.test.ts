import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examples } from '../../test/support/chance.ts';
import { type DashboardBody, dashboardBody, type NotCarried, notCarried, type Panel } from '../contract/dashboards.ts';
import { AppError } from '../contract/errors.ts';
import { durationOf } from '../time/exact-duration.ts';
import { NoCounterpart, readExpression } from './grafana/expression.ts';
import { importGrafana } from './grafana.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../test/fixtures/grafana/${name}.json`), 'utf8'));

/** A panel by its title or heading. */
function panel({ panels }: DashboardBody, title: string): Panel {
  const titleOf = (one: Panel) => (one.kind === 'chart' ? one.drawing.title : one.kind === 'text' ? one.title || one.markdown : one.title);
  const found = panels.find((one) => titleOf(one) === title);
  if (found === undefined) throw new Error(`There is no panel “${title}”.`);
  return found;
}
const about = (notCarried: readonly NotCarried[], where: string) =>
  notCarried.filter((one) => one.where === where).map(({ what, why }) => `${what} | ${why}`);

describe('a dashboard exported for sharing', () => {
  const { dashboard, notCarried } = importGrafana(fixture('servers'));

  it('keeps title, tags, range, refresh and the places of its panels', () => {
    expect(dashboard).toMatchObject({
      code: 'servers-of-the-plant',
      title: 'Servers of the plant',
      tags: ['linux', 'servers'],
      range: { lastMs: 86_400_000 },
      refreshMs: 30_000,
    });
    expect(panel(dashboard, 'Load').place).toEqual({ x: 12, y: 6, w: 12, h: 8 });
  });

  it('imports variables with a label’s values or a list, and lists the others', () => {
    expect(dashboard.variables.map(({ name, kind, of, options, value }) => [name, kind, of ?? options, value])).toEqual([
      ['job', 'label', 'job', '*'],
      ['instance', 'label', 'instance', '*'],
      ['servicename', 'options', ['api', 'web'], 'api'],
      ['environment', 'options', ['production'], 'production'],
    ]);
    const texts = about(notCarried, 'Variables').join('\n');
    for (const what of ['step (interval)', 'filters (adhoc)', 'instance | Several values', 'serviceName | Names are'])
      expect(texts).toContain(what);
    expect(texts).not.toContain('datasource');
  });

  it('imports selectors with variables, bucket widths, units, decimals, axis limits and thresholds', () => {
    expect(panel(dashboard, 'Pressure')).toMatchObject({
      kind: 'chart',
      drawing: {
        type: 'gauge',
        selector: { from: 'metric', name: 'node_load1', labels: { instance: '$instance', job: '$job' } },
        aggregation: 'avg',
        bucketMs: 300_000,
        decimals: 1,
        min: 0,
        max: 100,
        thresholds: [
          { value: 85, severity: 'WARNING' },
          { value: 95, severity: 'CRITICAL' },
        ],
      },
    });
    expect(about(notCarried, 'Pressure')).toEqual([]);
    expect(panel(dashboard, 'Memory available')).toMatchObject({ drawing: { type: 'stat', aggregation: 'avg', unit: 'B' } });
    expect(panel(dashboard, 'Memory available')).toMatchObject({
      drawing: { thresholds: [{ value: 1_000_000_000, severity: 'CRITICAL', label: '', reached: 'below' }] },
    });
    expect(about(notCarried, 'Memory available')).toEqual([]);
  });

  it('imports several queries with their fixed names, and lists those left out', () => {
    expect(panel(dashboard, 'Load')).toMatchObject({
      drawing: {
        selector: { name: 'node_load1' },
        beside: [{ selector: { name: 'node_load5' }, name: '5m' }, { selector: { name: 'node_load15' } }],
        thresholds: [
          { value: 4, severity: 'HIGH' },
          { value: 8, severity: 'CRITICAL' },
        ],
      },
    });
    expect(about(notCarried, 'Load').toSorted()).toEqual([
      'legend “1m” | The first series is named by its labels.',
      'legend “{{instance}} 15m” | Series are named by their labels or by a fixed text.',
      'node_load1 | It is hidden in Grafana and left out here.',
      'node_load1{instance="$instance"} offset 1d | It asks for another time (“offset”, “@”); use “compare with” instead.',
      'overrides: 1 | All series of a chart are drawn alike.',
    ]);
  });

  it('replaces a panel that cannot be drawn by a text with its queries', () => {
    const text = panel(dashboard, 'CPU busy');
    expect(text).toMatchObject({ kind: 'text', place: { x: 0, y: 6, w: 12, h: 8 } });
    expect(text.kind === 'text' && text.markdown).toContain('rate(node_cpu_seconds_total');
    expect(about(notCarried, 'CPU busy').join('\n')).toMatch(/irate\(\) has no counterpart/);
  });

  it('never sums over time what Grafana sums over series, and lists the difference', () => {
    expect(panel(dashboard, 'Memory used')).toMatchObject({ drawing: { aggregation: 'last', stacked: true, type: 'area' } });
    expect(about(notCarried, 'Memory used').join()).toContain('combines series');
    expect(about(notCarried, 'Busiest').join()).toMatch(/service=~"api\|web" is not applied.*topk\(\)/s);
  });

  it('leaves the default steps of a time series undrawn, as Grafana does', () => {
    expect(panel(dashboard, 'Memory used')).toMatchObject({ drawing: { thresholds: [] } });
  });

  it('opens closed rows and moves the panels below them down', () => {
    expect(panel(dashboard, '## Network').place).toMatchObject({ y: 21, h: 1, w: 24 });
    expect(panel(dashboard, 'Received')).toMatchObject({
      place: { y: 22 },
      drawing: { type: 'step', aggregation: 'max', bucketMs: 60_000 },
    });
    expect(panel(dashboard, '## Requests').place.y).toBe(29);
    expect(panel(dashboard, 'Latency p95')).toMatchObject({ place: { y: 30 }, drawing: { aggregation: 'p95', scale: 'log', unit: 's' } });
  });
});

describe('the format with rows', () => {
  const { dashboard, notCarried } = importGrafana(fixture('rows'));

  it('lays rows out in the grid', () => {
    expect(dashboard.range).toEqual({ from: Date.UTC(2024, 2, 1), to: Date.UTC(2024, 2, 2) });
    expect(dashboard.panels.map(({ place: { x, y, w, h } }) => [x, y, w, h])).toEqual([
      [0, 0, 24, 1],
      [0, 1, 6, 3],
      [6, 1, 6, 3],
      [12, 1, 12, 3],
      [0, 4, 24, 1],
      [0, 5, 16, 8],
      [0, 13, 16, 8],
    ]);
  });

  it('reads graph and singlestat panels', () => {
    expect(panel(dashboard, 'CPU')).toMatchObject({
      drawing: { type: 'gauge', selector: { labels: { server: '$server' } }, aggregation: 'last', unit: '%', min: 0, max: 100 },
    });
    expect(panel(dashboard, 'Queue length')).toMatchObject({
      drawing: { type: 'area', scale: 'log', stacked: true, min: 0 },
    });
    expect(panel(dashboard, 'Queue length')).toMatchObject({
      drawing: {
        thresholds: [
          { value: 1000, severity: 'CRITICAL', label: '' },
          { value: 5, severity: 'WARNING', label: '', reached: 'below' },
        ],
      },
    });
    expect(about(notCarried, 'Queue length').join('\n')).toMatch(/overrides[\s\S]*alert \|/);
    expect(about(notCarried, 'Dashboard')).toEqual(['time zone utc | The reader’s time zone is used.']);
  });
});

describe('the format of the API', () => {
  const { dashboard, notCarried } = importGrafana(fixture('mixed'));

  it('imports logs, table, pie, heat map, bar and text panels', () => {
    expect(panel(dashboard, 'Errors')).toMatchObject({ kind: 'logs', query: '{service="$service"} |= "error"' });
    const types = ['Targets', 'Share', 'Latency', 'Volumes'].map((title) => {
      const found = panel(dashboard, title);
      return found.kind === 'chart' ? found.drawing.type : found.kind;
    });
    expect(types).toEqual(['table', 'pie', 'heatmap', 'bar']);
    expect(panel(dashboard, 'Read me')).toMatchObject({ kind: 'text', markdown: '# Hello\nSee *there*.' });
  });

  it('lists anything without a counterpart: other data sources, panels, units, ranges', () => {
    expect(about(notCarried, 'Volumes').join('\n')).toContain('query A | Its data source (influxdb) is not Prometheus.');
    expect(about(notCarried, 'Alerts').join()).toContain('panel of type alertlist');
    expect(about(notCarried, 'Shared').join()).toContain('library panel');
    expect(about(notCarried, 'Targets')).toEqual(['unit flops | The unit is not known here; its name is shown as it is.']);
    expect(dashboard.range).toEqual({ from: 'now-7d/d', to: 'now/d' });
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('anything that is not a dashboard', () => {
  it.each([
    ['panels that are no list', { panels: { a: 1 }, title: 'x' }, { field: 'json' }],
    ['a dashboard without panels and rows', { dashboard: { title: 'x', schemaVersion: 39 } }, { field: 'json' }],
    ['elements without a layout', { apiVersion: 'dashboard.grafana.app/v2beta1', spec: { elements: {} } }, { field: 'json' }],
    ['a text', 'panels', { field: 'json' }],
    ['JSON in a text that is none', { dashboard: '{ "panels": [' }, { field: 'json' }],
    ['null', null, { field: 'json' }],
    ['several', [{ panels: [] }, { panels: [] }], { message: expect.stringContaining('2 dashboards') }],
    ['several files of a ConfigMap', { data: { 'a.json': '{}', 'b.json': '{}' } }, { hint: expect.stringContaining('one at a time') }],
  ])('is refused: %s', (_, json, error) => {
    expect(() => importGrafana(json)).toThrow(expect.objectContaining({ code: 'validation_failed', ...error }));
  });

  it('but an empty dashboard is accepted', () => {
    expect(importGrafana({ panels: [] })).toMatchObject({ dashboard: { title: 'Imported dashboard', panels: [] }, notCarried: [] });
  });
});

describe('any file', () => {
  type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
  const odd: fc.Arbitrary<Json> = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
    fc.constantFrom<Json>(-1, 1e300, 0.5, '', 'constructor', '__proto__', '$__all', 'now-99999999999y', 'x'.repeat(30_000), '1e999'),
  );
  /** The value with one of its parts, chosen by `at`, replaced. */
  function bent(value: Json, at: number[], by: Json): Json {
    const [step, ...rest] = at;
    if (step === undefined || typeof value !== 'object' || value === null) return by;
    if (Array.isArray(value))
      return value.length === 0 ? [by] : value.with(step % value.length, bent(value[step % value.length] ?? null, rest, by));
    const names = Object.keys(value);
    const name = names[step % Math.max(1, names.length)] ?? 'title';
    return { ...value, [name]: bent(value[name] ?? null, rest, by) };
  }

  it.each(['servers', 'rows', 'mixed'])('becomes a dashboard that can be stored, or an error that says why: %s', (name) => {
    const whole = fixture(name) as Json;
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 9 }), odd, (at, by) => {
        try {
          const { dashboard, notCarried: lost } = importGrafana(bent(whole, at, by));
          expect(dashboardBody.safeParse(dashboard).error).toBeUndefined();
          expect(notCarried.array().safeParse(lost).success).toBe(true);
        } catch (error) {
          if (!(error instanceof AppError && error.code === 'validation_failed')) throw error;
        }
      }),
      { numRuns: examples(500) },
    );
  });
});

describe('an expression', () => {
  it.each([
    ['up', { name: 'up', matchers: [], aggregation: null }],
    ['{__name__="up", job=~"a"}', { name: 'up', matchers: [{ label: 'job', operator: '=~', value: 'a' }] }],
    ["( app_x{path='/a\\'b',} )", { name: 'app_x', matchers: [{ label: 'path', operator: '=', value: "/a'b" }] }],
    ['$metric{host="[[host]]"}', { name: '$metric', matchers: [{ label: 'host', operator: '=', value: '[[host]]' }] }],
    ['sort_desc(max_over_time(x[1h30m]))', { aggregation: 'max', bucketMs: 5_400_000, losses: [] }],
    ['avg without (cpu) (x) # how', { aggregation: 'avg', losses: [{ code: 'across_series', params: { name: 'avg by labels' } }] }],
    ['sum(avg_over_time(x[$__interval])) by (job)', { aggregation: 'avg', bucketMs: null }],
  ])('is read: %s', (text, question) => {
    expect(readExpression(text)).toMatchObject(question);
  });

  it.each([
    ['rate(x[5m])', 'rate() has no counterpart'],
    ['a / b', '“/”'],
    ['a and on (x) b', '“and”'],
    ['-x', 'calculates with numbers'],
    ['max_over_time(x[1h:5m])', 'subquery'],
    ['x @ 1700000000', 'another time'],
    ['quantile_over_time(0.42, x[5m])', 'quantile_over_time()'],
    ['{job="a"}', 'names no metric'],
    ['x{', 'ends too early'],
    ['', 'is empty'],
    ['x{a="b"} ; drop', 'can’t be read'],
  ])('is refused with the reason: %s', (text, why) => {
    expect(() => readExpression(text)).toThrow(NoCounterpart);
    expect(() => readExpression(text)).toThrow(why);
  });

  it('parses durations', () => {
    expect(['90s', '1h30m', '250ms', '1w', '5', 'now'].map(durationOf)).toEqual([90_000, 5_400_000, 250, 604_800_000, null, null]);
  });
});

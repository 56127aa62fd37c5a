// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how dashboards write variables
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardBody, type NotCarried } from '../contract/dashboards.ts';
import { importGrafana } from './grafana.ts';

type Json = Record<string, unknown>;
const model = (more: Json): Json => ({ title: 'Plant', schemaVersion: 39, panels: [], ...more });
const panel = (more: Json): Json => ({ type: 'timeseries', title: 'CPU', targets: [{ expr: 'node_load1' }], ...more });
const titles = (json: unknown) => importGrafana(json).dashboard.panels.map((one) => (one.kind === 'chart' ? one.drawing.title : one.kind));
const about = (json: unknown, where: string) =>
  importGrafana(json)
    .notCarried.filter((one) => one.where === where)
    .map(({ what, why }) => `${what} | ${why}`)
    .join('\n');
const drawing = (json: unknown) => {
  const [first] = importGrafana(json).dashboard.panels;
  if (first?.kind !== 'chart') throw new Error('It is not drawn.');
  return first.drawing;
};

describe('wrappers', () => {
  const whole = model({ panels: [panel({})] });
  it.each<[string, unknown]>([
    ['the API', { meta: {}, dashboard: whole }],
    ['JSON as text', { dashboard: JSON.stringify(whole) }],
    ['JSON as text in text', JSON.stringify(JSON.stringify({ dashboard: JSON.stringify(whole) }))],
    ['a byte order mark', `\uFEFF${JSON.stringify(whole)}`],
    ['a list of one', [whole]],
    ['a resource of the classic model', { apiVersion: 'dashboard.grafana.app/v1', kind: 'Dashboard', spec: whole }],
    ['an operator', { apiVersion: 'grafana.integreatly.org/v1beta1', spec: { json: JSON.stringify(whole) } }],
    ['a ConfigMap', { kind: 'ConfigMap', data: { 'nodes.json': JSON.stringify(whole) } }],
    ['a public collection', { id: 1, revision: 3, json: whole }],
  ])('are taken off: %s', (_, json) => expect(titles(json)).toEqual(['CPU']));
});

describe('inputs', () => {
  const asked = model({
    __inputs: [
      { name: 'VAR_HOST', type: 'constant', value: 'web-1' },
      { name: 'DS_PROM', type: 'datasource', pluginId: 'prometheus' },
    ],
    panels: [
      panel({ title: 'Load of ${VAR_HOST}', datasource: { uid: '${DS_PROM}' }, targets: [{ expr: 'node_load1{host="${VAR_HOST}"}' }] }),
      { type: 'text', title: 'Note', options: { content: 'Runs on ${VAR_HOST}.' } },
    ],
    templating: { list: [{ name: 'host', type: 'constant', query: '${VAR_HOST}', current: { value: '${VAR_HOST}' } }] },
  });
  it('are filled in everywhere: titles, queries, text, variables', () => {
    const { dashboard } = importGrafana(asked);
    expect(JSON.stringify(dashboard)).not.toContain('VAR_HOST');
    expect(drawing(asked)).toMatchObject({ title: 'Load of web-1', selector: { labels: { host: 'web-1' } } });
    expect(dashboard.panels[1]).toMatchObject({ markdown: 'Runs on web-1.' });
    expect(dashboard.variables).toMatchObject([{ name: 'host', options: ['web-1'], value: 'web-1' }]);
  });
  it('take the value that the wrapper gives', () => {
    const wrapped = { dashboard: asked, inputs: [{ name: 'VAR_HOST', type: 'constant', value: 'web-2' }] };
    expect(drawing(wrapped).title).toBe('Load of web-2');
  });
  it('without a value are named', () => {
    const open = model({ __inputs: [{ name: 'VAR_X', type: 'constant' }], panels: [panel({ title: 'Of ${VAR_X}' })] });
    expect(about(open, 'Dashboard')).toContain('input VAR_X');
  });
  it('are not searched for further inputs', () => {
    const inputs = [
      { name: 'A', type: 'constant', value: '${B}' },
      { name: 'B', type: 'constant', value: '${A}' },
    ];
    expect(titles(model({ __inputs: inputs, panels: [panel({ title: '${A}' })] }))).toEqual(['${B}']);
  });
});

describe('variables in titles and text', () => {
  it('keep their position under their name here, in any notation', () => {
    const json = model({
      templating: { list: [{ name: 'serviceName', type: 'custom', query: 'api,web' }] },
      panels: [
        panel({ title: 'CPU of $serviceName, ${serviceName}, [[serviceName]], ${serviceName:csv} at $5 and $other' }),
        { type: 'row', title: '[[serviceName]]', gridPos: { x: 0, y: 9, w: 24, h: 1 } },
      ],
    });
    const { panels } = importGrafana(json).dashboard;
    expect(drawing(json).title).toBe('CPU of ${servicename}, ${servicename}, ${servicename}, ${servicename} at $5 and $other');
    expect(panels[1]).toMatchObject({ markdown: '## ${servicename}' });
  });
});

describe('the width of a window', () => {
  const asking = (...exprs: string[]) => model({ panels: [panel({ targets: exprs.map((expr) => ({ expr })) })] });
  it.each([
    ['avg_over_time(x[1d])', 86_400_000],
    ['max_over_time(x[1h30m])', 5_400_000],
  ])('is kept up to a day: %s', (expr, bucketMs) => {
    expect(drawing(asking(expr)).bucketMs).toBe(bucketMs);
    expect(about(asking(expr), 'CPU')).toBe('');
  });
  it.each([
    ['avg_over_time(x[30d])', 'window 4w2d'],
    ['avg_over_time(x[7d])', 'window 1w'],
    ['max_over_time(x[25h])', 'window 1d1h'],
    ['avg_over_time(x[$window])', 'window $window'],
  ])('is listed if it is not kept: %s', (expr, what) => {
    expect(drawing(asking(expr)).bucketMs).toBeUndefined();
    expect(about(asking(expr), 'CPU')).toContain(what);
  });
  it('is listed if the queries of a panel differ', () => {
    expect(about(asking('avg_over_time(x[5m])', 'avg_over_time(x[1h])'), 'CPU')).toContain('windows 5m, 1h');
    expect(about(asking('avg_over_time(x[5m])', 'x'), 'CPU')).toContain('window 5m');
  });
  it('follows the chart if it does in Grafana', () => {
    expect(about(asking('avg_over_time(x[$__interval])', 'avg_over_time(x[${__range}])'), 'CPU')).toBe('');
  });
});

describe('the smallest width of a panel', () => {
  const withInterval = (interval: unknown) => model({ panels: [panel({ interval })] });
  it('becomes the width, and is listed', () => {
    expect(drawing(withInterval('1m')).bucketMs).toBe(60_000);
    expect(drawing(withInterval('>10s')).bucketMs).toBe(10_000);
    expect(about(withInterval('1m'), 'CPU')).toContain('interval 1m');
  });
  it('is listed if it can’t be used', () => {
    expect(drawing(withInterval('$interval')).bucketMs).toBeUndefined();
    expect(about(withInterval('$interval'), 'CPU')).toContain('interval $interval');
    expect(about(withInterval(''), 'CPU')).toBe('');
  });
});

describe('steps of a threshold', () => {
  const withSteps = (steps: Json[]) =>
    model({ panels: [panel({ type: 'stat', fieldConfig: { defaults: { thresholds: { mode: 'absolute', steps } } } })] });
  const green = { color: 'green' };
  const yellow = { color: 'yellow' };
  const red = { color: 'red' };
  it.each<[string, Json[], string[]]>([
    ['bad when high', [green, { ...yellow, value: 80 }, { ...red, value: 90 }], ['WARNING at 80', 'CRITICAL at 90']],
    ['bad when low', [red, { ...green, value: 1 }], ['CRITICAL below 1']],
    ['worse when lower', [red, { ...yellow, value: 10 }, { ...green, value: 20 }], ['CRITICAL below 10', 'WARNING below 20']],
    ['bad on both sides', [red, { ...green, value: 10 }, { ...red, value: 90 }], ['CRITICAL below 10', 'CRITICAL at 90']],
    ['bad when low, worse when high', [yellow, { ...red, value: 10 }], ['WARNING below 10', 'CRITICAL at 10']],
    ['a band within what is well', [green, { ...red, value: 10 }, { ...green, value: 20 }], ['CRITICAL at 10', 'INFO at 20']],
    ['one colour for all', [red], []],
  ])('are imported, and none is listed as lost: %s', (_, steps, wanted) => {
    const json = withSteps(steps);
    expect(drawing(json).thresholds.map(({ value, severity, reached = 'at' }) => `${severity} ${reached} ${value}`)).toEqual(wanted);
    expect(about(json, 'CPU')).toBe('');
  });
});

describe('a second axis', () => {
  it('is listed with its unit, in old graphs and new', () => {
    const old = panel({ type: 'graph', yaxes: [{ format: 'percent' }, { format: 'bytes' }], seriesOverrides: [{ alias: 'b', yaxis: 2 }] });
    const properties = [
      { id: 'unit', value: 'ms' },
      { id: 'custom.axisPlacement', value: 'right' },
    ];
    const overrides = [
      { matcher: { id: 'byName', options: 'p99' }, properties },
      { matcher: { id: 'byName', options: 'errors' }, properties: [{ id: 'unit', value: 'reqps' }] },
    ];
    expect(about(model({ panels: [old] }), 'CPU')).toContain('second axis (bytes)');
    const listed = about(model({ panels: [panel({ fieldConfig: { defaults: {}, overrides } })] }), 'CPU');
    expect(listed).toContain('second axis (ms)');
    expect(listed).toContain('unit reqps of errors');
  });
});

describe('the range', () => {
  // If local time is UTC, a range that is wrongly read in local time would pass.
  const zone = process.env['TZ'];
  beforeAll(() => {
    process.env['TZ'] = 'America/New_York';
  });
  afterAll(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });
  const range = (from: unknown, to: unknown) => importGrafana(model({ time: { from, to } })).dashboard.range;
  it.each<[unknown, unknown, unknown]>([
    ['2024-03-01 06:30:00', '2024-03-02T00:00:00', { from: Date.UTC(2024, 2, 1, 6, 30), to: Date.UTC(2024, 2, 2) }],
    ['2024-03-01', '2024-03-02', { from: Date.UTC(2024, 2, 1), to: Date.UTC(2024, 2, 2) }],
    ['2024-03-01T00:00:00+02:00', '2024-03-01T00:00:00Z', { from: Date.UTC(2024, 1, 29, 22), to: Date.UTC(2024, 2, 1) }],
    ['1709251200000', 1_709_337_600_000, { from: 1_709_251_200_000, to: 1_709_337_600_000 }],
    ['now-1M/M', 'now/M', { from: 'now-1M/M', to: 'now/M' }],
    ['now/d', 'now', { from: 'now/d', to: 'now' }],
    ['2024-03-01 00:00:00', 'now', { from: '2024-03-01T00:00:00.000Z', to: 'now' }],
    ['now-3h', 'now', { lastMs: 10_800_000 }],
    ['now-3M', 'now', { from: 'now-3M', to: 'now' }],
  ])('%s to %s is read in UTC, and stays relative if it was', (from, to, wanted) => expect(range(from, to)).toEqual(wanted));
  it.each([
    ['now-1fQ/fQ', 'now'],
    ['soon', 'now'],
    ['2024-03-02', '2024-03-01'],
  ])('%s to %s is listed', (from, to) => {
    expect(range(from, to)).toEqual({ lastMs: 21_600_000 });
    expect(about(model({ time: { from, to } }), 'Dashboard')).toContain(`range ${from} to ${to}`);
  });
});

describe('library panels', () => {
  const reference = (uid: string, more: Json = {}) => ({
    id: 7,
    gridPos: { x: 0, y: 0, w: 24, h: 5 },
    libraryPanel: { uid, name: `Name of ${uid}` },
    ...more,
  });
  it('are resolved from the file, at their own position', () => {
    const held = {
      a: { name: 'Shared', uid: 'a', kind: 1, model: panel({ title: 'Shared load', gridPos: { w: 3, h: 3 }, libraryPanel: { uid: 'a' } }) },
    };
    const { dashboard, notCarried } = importGrafana(model({ __elements: held, panels: [reference('a')] }));
    expect(dashboard.panels).toMatchObject([{ kind: 'chart', place: { w: 24, h: 5 }, drawing: { title: 'Shared load' } }]);
    expect(notCarried).toEqual([]);
    expect(titles(model({ __elements: Object.values(held), panels: [reference('a', { title: 'Mine' })] }))).toEqual(['Mine']);
  });
  it('are listed if the file lacks them or they refer to each other', () => {
    expect(about(model({ panels: [reference('gone')] }), 'Panel 7')).toContain('library panel “Name of gone”');
    const circle = { a: { model: { libraryPanel: { uid: 'b' } } }, b: { model: { libraryPanel: { uid: 'a' } } } };
    expect(about(model({ __elements: circle, panels: [reference('a')] }), 'Panel 7')).toContain('refers to itself');
  });
});

describe('the second schema', () => {
  const element = (id: number, title: string, expr: string) => ({
    kind: 'Panel',
    spec: {
      id,
      title,
      data: {
        kind: 'QueryGroup',
        spec: {
          queries: [
            { kind: 'PanelQuery', spec: { refId: 'A', hidden: false, query: { kind: 'DataQuery', group: 'prometheus', spec: { expr } } } },
          ],
          transformations: [{ kind: 'Transformation', group: 'organize', spec: {} }],
          queryOptions: { interval: '30s' },
        },
      },
      vizConfig: { kind: 'VizConfig', group: 'timeseries', spec: { fieldConfig: { defaults: { unit: 'bytes' } }, options: {} } },
    },
  });
  const item = (name: string, x: number, y: number) => ({
    kind: 'GridLayoutItem',
    spec: { x, y, width: 12, height: 6, element: { kind: 'ElementReference', name } },
  });
  const file = (layout: Json) => ({
    apiVersion: 'dashboard.grafana.app/v2beta1',
    spec: {
      title: 'Second',
      timeSettings: { from: 'now/d', to: 'now', autoRefresh: '30s', timezone: 'browser' },
      variables: [
        {
          kind: 'QueryVariable',
          spec: { name: 'Job', query: { kind: 'DataQuery', group: 'prometheus', spec: { query: 'label_values(job)' } } },
        },
      ],
      elements: { one: element(1, 'One of $Job', 'a{job="$Job"}'), two: element(2, 'Two', 'b'), three: element(3, 'Three', 'rate(c[5m])') },
      layout,
    },
  });
  it('is read as the first', () => {
    const { dashboard, notCarried } = importGrafana(file({ kind: 'GridLayout', spec: { items: [item('one', 0, 0), item('two', 12, 0)] } }));
    expect(dashboard).toMatchObject({
      title: 'Second',
      range: { from: 'now/d', to: 'now' },
      refreshMs: 30_000,
      variables: [{ name: 'job', kind: 'label', of: 'job' }],
      panels: [
        {
          kind: 'chart',
          place: { x: 0, y: 0, w: 12, h: 6 },
          drawing: { title: 'One of ${job}', unit: 'B', bucketMs: 30_000, selector: { labels: { job: '$job' } } },
        },
        { kind: 'chart', place: { x: 12, y: 0 }, drawing: { title: 'Two' } },
      ],
    });
    expect(notCarried).toContainEqual(expect.objectContaining({ where: 'Three', code: 'unplaced' }));
    expect(notCarried).toContainEqual(expect.objectContaining({ where: 'Two', code: 'transformation' }));
  });
  it('has rows, tabs, and layouts without places', () => {
    const auto = (name: string) => ({
      kind: 'AutoGridLayout',
      spec: { maxColumnCount: 2, items: [{ kind: 'AutoGridLayoutItem', spec: { element: { name } } }] },
    });
    const rows = { kind: 'RowsLayout', spec: { rows: [{ kind: 'RowsLayoutRow', spec: { title: 'First row', layout: auto('one') } }] } };
    const tabs = [
      { kind: 'TabsLayoutTab', spec: { title: 'Overview', layout: rows } },
      { kind: 'TabsLayoutTab', spec: { title: 'Rest', layout: auto('two') } },
    ];
    const { dashboard } = importGrafana(file({ kind: 'TabsLayout', spec: { tabs } }));
    const named = dashboard.panels.map((one) => [
      one.kind === 'chart' ? one.drawing.title : one.kind === 'text' ? one.markdown : '',
      one.place.y,
    ]);
    expect(named).toEqual([
      ['## Overview', 0],
      ['## First row', 1],
      ['One of ${job}', 2],
      ['## Rest', 10],
      ['Two', 11],
    ]);
  });
});

describe('every schema version, and edited files', () => {
  it.each(Array.from({ length: 42 }, (_, i) => i + 1))('version %i is read', (schemaVersion) => {
    const graph = { id: 1, type: 'graph', title: 'CPU', targets: [{ expr: 'node_load1' }] };
    const json =
      schemaVersion < 16
        ? { schemaVersion, rows: [{ title: 'Row', panels: [{ ...graph, span: 6 }] }] }
        : { schemaVersion, panels: [graph] };
    expect(titles(json)).toEqual(['CPU']);
  });
  it('numbers as text, text as numbers, nulls and wrong types are converted, or count as missing', () => {
    const odd = {
      title: 2024,
      refresh: 5,
      tags: 'no list',
      time: 7,
      templating: { list: [null, 'x', { name: 'a', type: 'custom', query: 'b', options: 'none' }] },
      annotations: [],
      panels: [
        null,
        'text',
        panel({
          id: '4',
          gridPos: { x: '12', y: '0', w: '12', h: '4' },
          fieldConfig: { defaults: { decimals: '1', min: '0', thresholds: null } },
        }),
        panel({ title: 7, targets: 'none', gridPos: null, options: [] }),
      ],
    };
    const { dashboard, notCarried } = importGrafana(odd);
    expect(dashboardBody.parse(dashboard)).toEqual(dashboard);
    expect(dashboard).toMatchObject({
      title: '2024',
      panels: [
        { place: { x: 12, y: 0, w: 12, h: 4 }, drawing: { decimals: 1, min: 0 } },
        { kind: 'text', title: '7' },
      ],
    });
    const entries = (all: readonly NotCarried[]) => all.filter(({ code }) => code === 'not_a_panel').map(({ what }) => what);
    expect(entries(notCarried)).toEqual(['entry 1', 'entry 2']);
  });
  it('refuses files that are nested too deeply, without a crash', () => {
    let deep: unknown = { type: 'row' };
    for (let i = 0; i < 50_000; i += 1) deep = { type: 'row', panels: [deep] };
    expect(() => importGrafana({ panels: [deep] })).toThrow(/more than 100 deep/);
    expect(() => importGrafana(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)).toThrow(/neither/);
  });
  it('reads ten megabytes', () => {
    const long = 'x'.repeat(9_000);
    const json = model({ panels: Array.from({ length: 1_100 }, (_, i) => panel({ id: i, title: `Panel no. ${i}`, description: long })) });
    const { dashboard, notCarried } = importGrafana(JSON.stringify(json));
    expect(dashboard.panels).toHaveLength(1_000);
    expect(notCarried.filter(({ code }) => code === 'panels_over').map(({ where }) => where)).toEqual(
      Array.from({ length: 100 }, (_, i) => `Panel no. ${1_000 + i}`),
    );
  });
});

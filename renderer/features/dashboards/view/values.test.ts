// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how dashboards write variables
import { expect, test } from 'vitest';
import type { Chart } from '#common/contract/charts.ts';
import { chart } from '#common/contract/charts.ts';
import { dashboardBody, type Panel, panel as panelSchema } from '#common/contract/dashboards.ts';
import { importGrafana } from '#common/dashboards/grafana.ts';
import { drawingOf, exploreSearch, fillMarkdown, fillVariables, panelValues, shownTitle, titleOf, valuesOf } from './values.ts';

const place = { x: 0, y: 0, w: 12, h: 8 };
const library = (more: object = {}): Panel => panelSchema.parse({ id: 'a', kind: 'library', chart: 'belt-speed', place, ...more });
const own = (selector: object): Panel => panelSchema.parse({ id: 'b', kind: 'chart', place, drawing: { title: 'Mine', selector } });
const charts: Chart[] = [
  chart.parse({
    code: 'belt-speed',
    title: 'Belt speed',
    selector: { from: 'signal', loaderCode: 'belt-speed', segmentCode: '$line' },
    version: 1,
    createdAt: 1,
    createdBy: 'a',
    updatedAt: 1,
    updatedBy: 'a',
  }),
];

test('a chosen value takes precedence over the default; a panel’s own value over both, and it may name a variable', () => {
  const body = dashboardBody.parse({
    code: 'p',
    title: 'P',
    variables: [
      { name: 'line', kind: 'options', value: 'belt-1' },
      { name: 'host', kind: 'label' },
    ],
  });
  const values = valuesOf(body, { line: 'belt-2' });
  expect(values).toEqual({ line: 'belt-2', host: '*' });
  expect(panelValues(library({ values: { segment: '$line', host: 'node-1' } }), values)).toEqual({
    line: 'belt-2',
    host: 'node-1',
    segment: 'belt-2',
  });
});

test('titles and drawings come from the library unless the panel has its own', () => {
  expect(titleOf(library(), charts)).toBe('Belt speed');
  expect(titleOf(library({ title: 'Line 2' }), charts)).toBe('Line 2');
  expect(titleOf(library({ chart: 'gone' }), charts)).toBe('gone');
  expect(drawingOf(library({ chart: 'gone' }), charts)).toBeUndefined();
  expect(drawingOf(library(), charts)?.title).toBe('Belt speed');
});

test('the explorer opens the chart, or the query of a drawing with the values filled in', () => {
  expect(exploreSearch(library(), {})).toEqual({ chart: 'belt-speed' });
  expect(exploreSearch(own({ from: 'signal', loaderCode: '$loader' }), { loader: 'belt-items' })).toEqual({
    loader: 'belt-items',
    agg: 'avg',
  });
  expect(exploreSearch(own({ from: 'signal', loaderCode: '$loader' }), {})).toBeNull();
  expect(exploreSearch(own({ from: 'metric', name: 'host_cpu_percent' }), {})).toEqual({ metric: 'host_cpu_percent', agg: 'avg' });
});

test('variables in titles and text are filled in with what they stand for', () => {
  const values = { host: 'web-1', job: '*', constructor: 'x' };
  expect(fillVariables('$host ${host} ${host:csv} [[host]] [[host:raw]] of $job', values, 'All')).toBe(
    'web-1 web-1 web-1 web-1 web-1 of All',
  );
  expect(fillVariables('$5 of $hostname, ${toString}, [[ host ]], 100 $', values, 'All')).toBe(
    '$5 of $hostname, ${toString}, [[ host ]], 100 $',
  );
  expect(shownTitle(library({ title: 'CPU of $segment', values: { segment: '$host' } }), charts, values, 'All')).toBe('CPU of web-1');
  expect(fillMarkdown('See $host', { host: '[x](http://example.org)' }, 'All')).toBe('See \\[x\\](http://example.org)');
});

test('titles of an imported dashboard show what its variables stand for', () => {
  const { dashboard } = importGrafana({
    title: 'MySQL',
    templating: { list: [{ name: 'service_name', type: 'custom', query: 'db-1,db-2', current: { value: 'db-1' } }] },
    panels: [{ type: 'timeseries', title: '$service_name: connections', gridPos: { x: 0, y: 0, w: 8, h: 8 }, targets: [{ expr: 'up' }] }],
  });
  const [imported] = dashboard.panels;
  if (!imported) throw new Error('The panel is missing.');
  expect(titleOf(imported, charts)).toMatch(/service_name/);
  expect(shownTitle(imported, charts, valuesOf(dashboard, {}), 'All')).toBe('db-1: connections');
  expect(shownTitle(imported, charts, valuesOf(dashboard, { service_name: 'db-2' }), 'All')).toBe('db-2: connections');
});

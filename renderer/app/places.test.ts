import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { parseAddress, sharedAddress } from '#renderer/domain/address.ts';
import { type Place, places } from '#renderer/domain/places.ts';
import { alertsAddress } from '#renderer/features/alerts/views.ts';
import { libraryAddress } from '#renderer/features/charts/library.ts';
import { listAddress, viewAddress } from '#renderer/features/dashboards/address.ts';
import { exploreAddress } from '#renderer/features/explore/question.ts';
import { loadersAddress } from '#renderer/features/loaders/loaders-screen.tsx';
import { editorAddress } from '#renderer/features/rule-editor/editor-screen.tsx';
import { rulesAddress } from '#renderer/features/rules/rule-list.ts';
import { settingsAddress, settingsSections } from '#renderer/features/settings/settings-screen.tsx';
import { routes } from './routes.tsx';
import { screens } from './screens.ts';

const shared = { connection: 'c1', range: 'now/d~now' };
const all: [string, Place, z.ZodObject | null][] = [
  ['now', places.now(), null],
  [
    'explore',
    places.explore({
      ...shared,
      chart: 'a',
      loader: 'b',
      metric: 'c',
      agg: 'max',
      as: 'bar',
      only: ['x'],
      series: { host: 'web-1' },
      vars: { host: 'web-1' },
    }),
    exploreAddress,
  ],
  ['library', places.library({ ...shared, code: 'belt-speed', tab: 'usage' }), libraryAddress],
  [
    'rule editor',
    places.ruleEditor({ ...shared, rule: 'low', chart: 'belt-speed', template: 'no-data', series: { host: 'web-1' } }),
    editorAddress,
  ],
  ['alerts', places.alerts({ ...shared, view: 'history', q: 'cpu', severity: 'HIGH', template: 'no-data' }), alertsAddress],
  ['alert', places.alert('c1', 'a1'), alertsAddress],
  ['alert in the list', places.inAlerts({ connectionId: 'c1', id: 'a1' }), alertsAddress],
  [
    'rules',
    places.rules({ ...shared, rule: 'belt', q: 'low', state: 'firing', severity: 'HIGH', chart: 'a', loader: 'b', owner: '-' }),
    rulesAddress,
  ],
  ...screens.map(({ path }): [string, Place, null] => [`the rail’s ${path}`, places.screen(path), null]),
  ['dashboards', places.dashboards({ ...shared, folder: 'Plant/North' }), listAddress],
  ['dashboard', places.dashboard('wall', { ...shared, vars: { host: 'web-1' }, panel: 'p1', edit: true, kiosk: true }), viewAddress],
  ['conveyor', places.conveyor(), null],
  ['loaders', places.loaders({ ...shared, loader: 'belt-speed' }), loadersAddress],
  ...settingsSections.map((section): [string, Place, z.ZodObject] => [`settings ${section}`, places.settings(section), settingsAddress]),
];

const paths = (routes.children as unknown as { options: { path: string } }[]).map(({ options }) => options.path);

describe('places', () => {
  it.each(all)('%s is a screen that reads every parameter it is given', (_, { to, search }, schema) => {
    expect(paths).toContain(to);
    const given = search({});
    const read = { ...parseAddress(sharedAddress, given), ...(schema ? parseAddress(schema, given) : {}) };
    expect(read).toMatchObject(given);
  });
  it('take connection and range along, and nothing else', () => {
    const before = { connection: 'c2', range: '6h', panel: 'p9', edit: true };
    expect(places.explore({ chart: 'a' }).search(before)).toEqual({ connection: 'c2', range: '6h', chart: 'a' });
    expect(places.explore({ range: '1h' }).search(before)).toEqual({ connection: 'c2', range: '1h' });
    expect(places.settings().search({})).toEqual({});
  });
  it('keep the view and the filter of the alerts from one alert to the next', () => {
    const before = { connection: 'c2', range: '6h', view: 'history', q: 'cpu', severity: 'HIGH', sort: 'age', panel: 'p9' };
    const { panel: _, ...kept } = before;
    expect(places.inAlerts({ connectionId: 'c1', id: 'a1' }).search(before)).toEqual(kept);
    expect(places.inAlerts().search(before)).toEqual(kept);
    expect(places.alert('c1', 'a1').search(before)).toEqual({ connection: 'c2', range: '6h' });
  });
  it('open a dashboard with its own range, unless the present one is kept', () => {
    expect(places.dashboard('wall').search({ connection: 'c2', range: '6h' })).toEqual({ connection: 'c2' });
    expect(places.dashboard('wall', {}, true).search({ connection: 'c2', range: '6h' })).toEqual({ connection: 'c2', range: '6h' });
  });
});

import type { ChartType } from '#common/contract/charts.ts';
import type { Labels, Severity } from '#common/contract/primitives.ts';
import type { Aggregation } from '#common/contract/signals.ts';
import type { VariableValues } from '#common/contract/variables.ts';

type Search = Record<string, unknown>;

/** The target of a link: spread it into `<Link>`, or pass it to `navigate`. */
export interface Place {
  to: string;
  params?: Record<string, string>;
  search: (before: Search) => Search;
}

/** Search parameters that every screen shares. Links keep them unless they set others. */
interface Shared {
  /** Connection id. */
  connection?: string | undefined;
  /** As `printRange` writes it. */
  range?: string | undefined;
}
const everything: readonly string[] = ['connection', 'range'];

function place(to: string, own: Search, params?: Record<string, string>, kept = everything): Place {
  const ownParams = Object.entries(own).filter(([, value]) => value !== undefined);
  return {
    to,
    ...(params === undefined ? {} : { params }),
    search: (before) => {
      const shared = kept.flatMap((name) => (before[name] === undefined ? [] : [[name, before[name]] as const]));
      return Object.fromEntries([...shared, ...ownParams]);
    },
  };
}

export interface ExploreSearch extends Shared {
  chart?: string;
  loader?: string;
  metric?: string;
  agg?: Aggregation;
  as?: ChartType;
  only?: readonly string[] | undefined;
  /** Labels of the only series shown. */
  series?: Labels | undefined;
  vars?: VariableValues | undefined;
}
export interface LibrarySearch extends Shared {
  /** The chart shown next to the list. */
  code?: string;
  tab?: 'chart' | 'json' | 'usage' | 'versions';
}
export interface RulesSearch extends Shared {
  /** The rule shown next to the list. */
  rule?: string | undefined;
  q?: string;
  state?: 'firing' | 'error' | 'no-data' | 'pending' | 'unevaluated' | 'ok' | 'paused';
  severity?: Severity;
  chart?: string;
  loader?: string;
  owner?: string;
  /** Only rules made from this ready rule. */
  template?: string;
}
export interface RuleEditorSearch extends Shared {
  /** The rule to edit. */
  rule?: string;
  /** The chart for which a new rule is made. */
  chart?: string;
  /** The ready rule from which it is made. */
  template?: string;
  /** Labels of the only series that the new rule evaluates. */
  series?: Labels | undefined;
}
export interface AlertsSearch extends Shared {
  view?: 'firing' | 'unowned' | 'mine' | 'snoozed' | 'silenced' | 'history';
  q?: string;
  severity?: Severity;
  /** Only alerts of rules made from this ready rule. */
  template?: string;
  sort?: 'urgency' | 'name' | 'age' | 'owner';
}
const alertsList = ['view', 'q', 'severity', 'template', 'sort'] as const satisfies readonly (keyof AlertsSearch)[];
export interface DashboardSearch extends Shared {
  vars?: VariableValues;
  panel?: string;
  edit?: boolean | undefined;
  kiosk?: boolean;
}
export type SettingsSection = 'appearance' | 'notifications' | 'connections' | 'backend' | 'outbox' | 'about';

/** The screens that the rail leads to. */
export type ScreenPath = '/now' | '/explore' | '/dashboards' | '/charts' | '/alerts' | '/rules' | '/conveyor' | '/loaders' | '/settings';

/** Every screen of the console, with the search parameters it reads. A test compares them with the schemas of the screens. */
export const places = {
  now: () => place('/now', {}),
  explore: (search: ExploreSearch = {}) => place('/explore', { ...search }),
  library: (search: LibrarySearch = {}) => place('/charts', { ...search }),
  /** Edits a rule, or makes one for a chart. */
  ruleEditor: (search: RuleEditorSearch) => place('/rules/edit', { ...search }),
  alerts: (search: AlertsSearch = {}) => place('/alerts', { ...search }),
  alert: (connection: string, id: string) => place('/alerts/$connection/$id', {}, { connection, id }),
  /** Links within the list of alerts, keeping its view and filter. Without an alert none is open. */
  inAlerts: (alert?: { connectionId: string; id: string }) =>
    alert
      ? place('/alerts/$connection/$id', {}, { connection: alert.connectionId, id: alert.id }, [...everything, ...alertsList])
      : place('/alerts', {}, undefined, [...everything, ...alertsList]),
  rules: (search: RulesSearch = {}) => place('/rules', { ...search }),
  dashboards: (search: Shared & { folder?: string } = {}) => place('/dashboards', { ...search }),
  /** Opens a dashboard with its own range, unless a range is given or the current one is kept. */
  dashboard: (code: string, search: DashboardSearch = {}, keepRange = false) =>
    place('/dashboards/$code', { ...search }, { code }, keepRange ? everything : ['connection']),
  conveyor: () => place('/conveyor', {}),
  loaders: (search: Shared & { loader?: string } = {}) => place('/loaders', { ...search }),
  /** A screen of the rail, by its path. */
  screen: (path: ScreenPath) => place(path, {}),
  settings: (section?: SettingsSection) => place('/settings', { section }),
};

import { createRootRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ScreenError, UnknownScreen } from './screen-error.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: UnknownScreen });
const at = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component, errorComponent: ScreenError });

const dashboards = lazyRouteComponent(() => import('#renderer/features/dashboards/index.ts'), 'DashboardsScreen');
const alerts = lazyRouteComponent(() => import('#renderer/features/alerts/index.ts'), 'AlertsScreen');

/** All screens by path. */
export const routes = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/now', replace: true });
    },
  }),
  at(
    '/now',
    lazyRouteComponent(() => import('#renderer/features/now/index.ts'), 'NowScreen'),
  ),
  at(
    '/explore',
    lazyRouteComponent(() => import('#renderer/features/explore/index.ts'), 'ExploreScreen'),
  ),
  at(
    '/charts',
    lazyRouteComponent(() => import('#renderer/features/charts/index.ts'), 'LibraryScreen'),
  ),
  at(
    '/rules/edit',
    lazyRouteComponent(() => import('#renderer/features/rule-editor/index.ts'), 'RuleEditorScreen'),
  ),
  at('/alerts', alerts),
  // A popup or a deep link may know only the alert's id; the screen then finds its connection.
  at('/alerts/$id', alerts),
  at('/alerts/$connection/$id', alerts),
  at(
    '/rules',
    lazyRouteComponent(() => import('#renderer/features/rules/index.ts'), 'RulesScreen'),
  ),
  at('/dashboards', dashboards),
  at('/dashboards/$code', dashboards),
  at(
    '/conveyor',
    lazyRouteComponent(() => import('#renderer/features/conveyor/index.ts'), 'ConveyorScreen'),
  ),
  at(
    '/loaders',
    lazyRouteComponent(() => import('#renderer/features/loaders/index.ts'), 'LoadersScreen'),
  ),
  at(
    '/settings',
    lazyRouteComponent(() => import('#renderer/features/settings/index.ts'), 'SettingsScreen'),
  ),
]);

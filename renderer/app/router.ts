import { createBrowserHistory, createRouter } from '@tanstack/react-router';
import { routes } from './routes.tsx';

/** Both hosts answer any path with the page. Screens validate the search parameters they own (`useAddress`). */
export const router = createRouter({
  routeTree: routes,
  history: createBrowserHistory(),
  defaultPreload: 'intent',
  scrollRestoration: false,
});

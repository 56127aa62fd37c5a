import { createBrowserHistory, createRouter, type RouterHistory } from '@tanstack/react-router';
import { routes } from './routes.tsx';

/** Both hosts answer any path with the page. Screens validate the search parameters they own (`useAddress`). */
export const createConsoleRouter = (history: RouterHistory = createBrowserHistory()) =>
  createRouter({ routeTree: routes, history, defaultPreload: 'intent', scrollRestoration: false });
export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

import { createBrowserHistory, createRouter, type RouterHistory } from '@tanstack/react-router';
import { routes } from './routes.tsx';

/** Creates the router. Both hosts serve the page at any path. Screens validate their own search parameters (`useAddress`). */
export const createConsoleRouter = (history: RouterHistory = createBrowserHistory()) =>
  createRouter({ routeTree: routes, history, defaultPreload: 'intent', scrollRestoration: false });
export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

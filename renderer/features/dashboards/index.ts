export { DashboardsScreen } from './dashboards-screen.tsx';

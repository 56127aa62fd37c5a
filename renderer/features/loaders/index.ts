export { LoadersScreen } from './loaders-screen.tsx';

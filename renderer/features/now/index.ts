export { NowScreen } from './now-screen.tsx';

export { openTableSignals as openSignalStore } from './table/index.ts';

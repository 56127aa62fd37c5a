import { ensureInstalled, handOver } from './bootstrap.mjs';

ensureInstalled();
// `npm run backend -- --data DIR …` is the embedded backend; any other command of the backend can be named first.
const args = process.argv.slice(2);
handOver('backend-bundle/cli.ts', args[0] !== undefined && !args[0].startsWith('-') ? args : ['embedded', ...args]);

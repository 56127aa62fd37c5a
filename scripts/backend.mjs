import { ensureInstalled, handOver } from './bootstrap.mjs';

ensureInstalled();
// `npm run backend -- --data DIR …` is the embedded backend; any other command of the backend can be named first.
const args = process.argv.slice(2);
const command = args[0] !== undefined && !args[0].startsWith('-') ? args : ['embedded', ...args];
// Each thread would keep freed memory in an arena of glibc's allocator, and little of it would be returned after a load.
handOver('backend-bundle/cli.ts', command, { MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2' });

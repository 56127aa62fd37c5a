import { ensureInstalled, handOver } from './bootstrap.mjs';

ensureInstalled();
// `npm run backend -- --data DIR …` is the embedded backend; any other command of the backend can be named first.
const args = process.argv.slice(2);
const command = args[0] !== undefined && !args[0].startsWith('-') ? args : ['embedded', ...args];
// Every thread would keep freed memory in an arena of glibc's allocator; with two arenas the backend takes 100 to 200 MB less under load.
handOver('backend-bundle/cli.ts', command, { MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2' });

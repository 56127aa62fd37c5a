import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{common,main,preload,backend-bundle,renderer,scripts}/**/*.test.{ts,tsx}',
      'test/{integration,conformance,electron}/**/*.test.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
  },
});

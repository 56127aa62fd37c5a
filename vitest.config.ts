import { defineConfig } from 'vitest/config';
import { SlowFirst } from './scripts/tests/order.ts';

const shared = {
  setupFiles: ['test/support/file-setup.ts', 'test/support/keep-sqlite-loaded.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
};

export default defineConfig({
  test: {
    // Two at a time: the suites start real servers, and a small machine should still pass.
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
    projects: [
      { test: { ...shared, name: 'unit', include: ['{common,main,preload,backend-bundle,renderer,scripts}/**/*.test.{ts,tsx}'] } },
      { test: { ...shared, name: 'engines', include: ['test/{integration,conformance}/**/*.test.ts'] } },
      // The whole product in a real browser: one story at a time, so that its waits measure the product.
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/{e2e,electron,charts}/**/*.test.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

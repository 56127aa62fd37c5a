import { defineConfig } from 'vitest/config';
import { SlowFirst } from './scripts/tests/order.ts';

const shared = {
  setupFiles: ['test/support/file-setup.ts', 'test/support/keep-sqlite-loaded.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // A condition that a busy computer meets late is met all the same.
  expect: { poll: { timeout: 30_000, interval: 50 } },
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
      // The whole product in a real browser.
      { test: { ...shared, name: 'e2e', include: ['test/{e2e,electron,charts}/**/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
});

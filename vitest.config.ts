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
    // Three at a time, also on two cores: the suites start real servers and wait for them most of the time.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{common,main,preload,backend-bundle,renderer,scripts}/**/*.test.{ts,tsx}'],
          // Many short files share their processes: loading the modules anew for each took as long as the tests.
          isolate: false,
        },
      },
      { test: { ...shared, name: 'engines', include: ['test/{integration,conformance}/**/*.test.ts'] } },
      // The whole product in a real browser.
      { test: { ...shared, name: 'e2e', include: ['test/{e2e,electron,charts}/**/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
});

import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './scripts/tests/order.ts';
import { chromiumArgs, findChromium } from './test/support/chromium.ts';

const shared = {
  setupFiles: ['test/support/file-setup.ts', 'test/support/keep-sqlite-loaded.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // A condition that a busy computer meets late is met all the same.
  expect: { poll: { timeout: 30_000, interval: 50 } },
  pool: 'forks' as const,
  // Files share their processes: a fresh one would load all modules again, which takes a second of the processor for each file.
  isolate: false,
};

export default defineConfig({
  test: {
    // Three at a time, also on two cores: the suites start real servers and wait for them most of the time. Four take no less time.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    projects: [
      { test: { ...shared, name: 'unit', include: ['{common,main,preload,backend-bundle,renderer,scripts}/**/*.test.{ts,tsx}'] } },
      { test: { ...shared, name: 'engines', include: ['test/{integration,conformance}/**/*.test.ts'] } },
      // Each screen by itself in a real browser, over a core that the test plays.
      {
        // React as users get it: its development build takes a quarter more processor time.
        mode: 'production',
        define: { 'process.env.NODE_ENV': JSON.stringify('production') },
        oxc: { jsx: { runtime: 'automatic', development: false } },
        plugins: [react(), tailwind()],
        // All that any screen needs is found before the first test: what is found later reloads the page.
        optimizeDeps: { entries: ['renderer/main.tsx', 'test/screens/*.test.tsx'] },
        test: {
          name: 'screens',
          include: ['test/screens/**/*.test.tsx'],
          testTimeout: 30_000,
          expect: shared.expect,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            viewport: { width: 1440, height: 900 },
            provider: playwright({
              launchOptions: { executablePath: findChromium() ?? '', args: chromiumArgs },
              contextOptions: { reducedMotion: 'reduce' },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      // The whole product in a real browser.
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/{e2e,electron,charts}/**/*.test.ts'],
          globalSetup: ['test/support/share-chromium.ts'],
          testTimeout: 300_000,
        },
      },
    ],
  },
});

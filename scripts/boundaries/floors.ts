/**
 * The imports that each folder may make (see docs/architecture.md). The first floor whose `at` matches a file applies to it. `*` stands for one folder, and
 * in `may` for the same folder that matched in `at`.
 */
export interface Floor {
  /** A folder, or one file. */
  at: string;
  may: string[];
  /** Packages it may use. `node:` means Node's own modules. */
  packages: string[];
}

const ports = [
  'backend-bundle/engines/port.ts',
  'backend-bundle/engines/*/port.ts',
  'backend-bundle/engines/database/tables.ts',
  'backend-bundle/engines/database/stored-json.ts',
];
const react = [
  'react',
  'react-dom',
  'react-markdown',
  'remark-gfm',
  '@tanstack/*',
  'radix-ui',
  'lucide-react',
  'cmdk',
  'clsx',
  'tailwind-merge',
  'class-variance-authority',
  'zod',
  'zustand',
  'react-hook-form',
  '@hookform/*',
  '@fontsource-variable/*',
  'tailwindcss',
];
const service = ['node:', 'kysely', 'pino', 'uuidv7', 'zod'];

export const floors: Floor[] = [
  // Its refusals are sentences that people read, with numbers in them.
  { at: 'common/contract', may: ['common/contract', 'common/time', 'common/format.ts'], packages: ['zod'] },
  { at: 'common/arrow', may: ['common'], packages: ['zod', 'apache-arrow'] },
  { at: 'common/rules/text-template.ts', may: ['common'], packages: ['liquidjs'] },
  { at: 'common/rules', may: ['common'], packages: ['zod', 'yaml'] },
  // Label matchers are expressions of RE2, and maintenance windows recur by RFC 5545.
  { at: 'common/policies', may: ['common'], packages: ['re2js', 'rrule-temporal', 'temporal-polyfill'] },
  { at: 'common', may: ['common'], packages: ['zod'] },
  { at: 'preload', may: ['preload', 'common/contract'], packages: ['electron'] },
  {
    // A kit for any product: it may format and compare, but knows neither the contract nor the core.
    at: 'renderer/ui',
    may: ['renderer/ui', 'common/format.ts', 'common/versions/diff.ts', 'common/words'],
    packages: react,
  },
  { at: 'renderer/domain', may: ['renderer/domain', 'renderer/ui', 'common'], packages: react },
  // Runs in a worker too, so it has no components.
  { at: 'renderer/charts/engine', may: ['renderer/charts/engine', 'common'], packages: [] },
  {
    at: 'renderer/charts/plot',
    may: ['renderer/charts/plot', 'renderer/charts/engine', 'renderer/domain', 'renderer/ui', 'common'],
    packages: [...react, 'echarts'],
  },
  {
    at: 'renderer/charts/panel',
    may: ['renderer/charts/panel', 'renderer/charts/plot', 'renderer/domain', 'renderer/ui', 'common'],
    packages: [...react, 'echarts'],
  },
  {
    at: 'renderer/charts/range-picker',
    may: ['renderer/charts/range-picker', 'renderer/charts/plot', 'renderer/domain', 'renderer/ui', 'common'],
    packages: react,
  },
  {
    at: 'renderer/charts/definition-form',
    may: ['renderer/charts/definition-form', 'renderer/charts/plot', 'renderer/domain', 'renderer/ui', 'common'],
    packages: react,
  },
  // The only import of features from the two folders that draw.
  { at: 'renderer/charts/index.ts', may: ['renderer/charts/plot', 'renderer/charts/panel'], packages: [] },
  {
    at: 'renderer/features/dashboards',
    may: ['renderer/features/dashboards', 'renderer/charts', 'renderer/domain', 'renderer/ui', 'common'],
    packages: [...react, 'react-grid-layout'],
  },
  {
    at: 'renderer/features/*',
    may: ['renderer/features/*', 'renderer/charts', 'renderer/domain', 'renderer/ui', 'common'],
    packages: react,
  },
  {
    at: 'renderer/app',
    may: ['renderer/app', 'renderer/features', 'renderer/charts', 'renderer/domain', 'renderer/ui', 'common'],
    packages: react,
  },
  { at: 'renderer/main.tsx', may: ['renderer/app', 'renderer/domain'], packages: react },
  { at: 'renderer/public', may: [], packages: [] },
  // The engine knows no feature: they hand it their operations and the schema.
  { at: 'main/core/database', may: ['main/core/database', 'common'], packages: ['node:', 'better-sqlite3', 'pino'] },
  {
    at: 'main/core',
    may: ['main/core', 'common'],
    packages: [
      'node:',
      'better-sqlite3',
      'eventsource-parser',
      'keytar',
      'pdfkit',
      'pino',
      'undici',
      'uuidv7',
      'zod',
      '@fontsource-variable/*',
    ],
  },
  {
    at: 'main/web',
    may: ['main/web', 'main/core', 'common'],
    packages: ['node:', '@fastify/*', 'fastify', 'pino', 'pino-pretty', 'ws', 'zod'],
  },
  { at: 'main/electron', may: ['main/electron', 'main/core', 'common'], packages: ['node:', 'electron', 'pino', 'zod'] },
  {
    // It operates the reference plant, whose control tables are the plant's own.
    at: 'backend-bundle/services/conveyor',
    may: ['backend-bundle/services/conveyor', 'backend-bundle/services/*.ts', 'backend-bundle/conveyor/file.ts', ...ports, 'common'],
    packages: service,
  },
  {
    at: 'backend-bundle/services/gateway',
    may: ['backend-bundle/services/gateway', 'backend-bundle/services/*.ts', ...ports, 'common'],
    packages: [...service, 'jose'],
  },
  {
    at: 'backend-bundle/services/notifications',
    may: ['backend-bundle/services/notifications', 'backend-bundle/services/*.ts', ...ports, 'common'],
    packages: [...service, 'nodemailer'],
  },
  {
    at: 'backend-bundle/services/*',
    may: ['backend-bundle/services/*', 'backend-bundle/services/*.ts', ...ports, 'common'],
    packages: service,
  },
  { at: 'backend-bundle/services', may: ['backend-bundle/services/*.ts', ...ports, 'common'], packages: service },
  {
    at: 'backend-bundle/engines',
    may: ['backend-bundle/engines', 'common'],
    packages: ['node:', 'better-sqlite3', 'kysely', 'mysql2', 'pg', 'pino', 'uuidv7', 'zod'],
  },
  {
    at: 'backend-bundle/http',
    may: ['backend-bundle/http', 'backend-bundle/services/*.ts', ...ports, 'common'],
    packages: ['node:', '@fastify/*', 'fastify', 'fastify-type-provider-zod', 'jose', 'kysely', 'pino', 'uuidv7', 'zod'],
  },
  {
    at: 'backend-bundle',
    may: ['backend-bundle', 'common'],
    packages: ['node:', 'better-sqlite3', 'kysely', 'pino', 'pino-pretty', 'systeminformation', 'uuidv7', 'zod'],
  },
  {
    // Benchmarks measure our parts beside their peers, so they see both.
    at: 'test/bench',
    may: ['test', 'scripts', 'common', 'renderer', 'main', 'backend-bundle'],
    packages: [...react, 'node:', 'better-sqlite3', 'echarts', 'kysely', 'pg', 'pino', 'playwright-core', 'uplot', 'vite', 'webgl-plot'],
  },
  {
    // In a browser, where nothing of Node is.
    at: 'test/screens',
    may: ['test/screens', 'common', 'renderer'],
    packages: [...react, 'axe-core', 'uuidv7', 'vitest'],
  },
  {
    at: 'test',
    may: ['test', 'scripts', 'common', 'renderer', 'main', 'preload', 'backend-bundle'],
    packages: [
      ...react,
      'node:',
      '@fastify/*',
      'apache-arrow',
      'axe-core',
      'better-sqlite3',
      'echarts',
      'electron',
      'eventsource-parser',
      'fast-check',
      'fastify',
      'jose',
      'kysely',
      'mysql2',
      'oxc-parser',
      'pg',
      'pino',
      'playwright-core',
      'postal-mime',
      'undici',
      'uuidv7',
      'vite',
      'vitest',
      'ws',
    ],
  },
  { at: 'scripts', may: ['scripts', 'test', 'common'], packages: ['node:', 'oxc-parser', 'playwright-core', 'vite', 'vitest'] },
  { at: 'electron.vite.config.ts', may: [], packages: ['node:', '@tailwindcss/vite', '@vitejs/plugin-react', 'electron-vite'] },
  {
    at: 'vitest.config.ts',
    may: ['scripts/tests', 'test/support/chromium.ts'],
    packages: ['@tailwindcss/vite', '@vitejs/plugin-react', '@vitest/browser-playwright', 'vitest'],
  },
];

/** Packages that only a few places may use, whatever their floor. */
export const reservedPackages: { what: RegExp; where: RegExp; why: string }[] = [
  {
    what: /^(fastify|@fastify\/.*|fastify-type-provider-zod)$/,
    where: /^(backend-bundle\/http|main\/web)\//,
    why: 'HTTP is mounted in one place',
  },
  {
    what: /^kysely$/,
    where: /(^backend-bundle\/engines\/|\.store\.ts$)/,
    why: 'SQL stands in NAME.store.ts',
  },
  { what: /^electron$/, where: /^(main\/electron|preload)\//, why: 'only the desktop host knows Electron' },
  { what: /^(better-sqlite3|keytar)$/, where: /^(backend-bundle\/(engines|conveyor)|main\/core)\//, why: 'storage stays behind its port' },
  { what: /^(pg|mysql2)(\/.*)?$/, where: /^backend-bundle\/engines\//, why: 'storage stays behind its port' },
];

/** Globals that reach outside the process, and the only places that may use them. Files outside `within` are not checked. */
export const reservedGlobals: { names: string[]; within: RegExp; where: RegExp; why: string }[] = [
  {
    names: ['WebSocket'],
    within: /^(common|preload|renderer|main|backend-bundle)\//,
    where: /^(renderer\/domain\/rpc\/|main\/core\/rpc\/)/,
    why: 'the transports own it',
  },
  {
    names: ['ipcRenderer', 'ipcMain'],
    within: /^(common|preload|renderer|main|backend-bundle)\//,
    where: /^(preload|main\/electron)\//,
    why: 'the transports own it',
  },
  {
    names: ['fetch', 'XMLHttpRequest', 'EventSource', 'sendBeacon'],
    within: /^(renderer|common|preload)\//,
    where: /^common\/contract\/client\.ts$/,
    why: 'screens reach the network through the core alone',
  },
];

/** The folders in which only stores, and the code that all services share, may contain SQL. */
export const mayNotQuery = {
  within: /^backend-bundle\/(services|http|commands)\//,
  except: /(\.store|^backend-bundle\/services\/audit)\.ts$/,
  why: 'SQL stands in NAME.store.ts',
};

/** The files that may not begin a transaction: what a request changes must be committed together with its answer. */
export const mayNotTransact = {
  within: /^backend-bundle\/services\/.*\.routes\.ts$/,
  why: 'a request changes what it changes in its `commit`, which records the answer for repeats',
};

/** Files that may use `import.meta.glob`, since what they collect is not known beforehand. */
export const mayGlob: readonly string[] = [
  // Compares every catalogue of the console, also those added later.
  'renderer/app/catalogues.test.ts',
];

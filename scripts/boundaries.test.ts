import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkFile, checkTree } from './boundaries.ts';

const check = (file: string, text: string) =>
  checkFile(file, text, () => true).map((violation) => `${violation.line} ${violation.message}`);

describe('the boundary rule bites', () => {
  const forbidden: [file: string, text: string, complaint: RegExp][] = [
    ['common/rules/x.ts', "import { a } from '#backend/cli.ts';", /imports backend-bundle\/cli\.ts/],
    ['common/rules/x.ts', "import { readFileSync } from 'node:fs';", /imports node:fs: common may use only/],
    ['common/contract/x.ts', "import { a } from '../rules/evaluate.ts';", /imports common\/rules\/evaluate\.ts/],
    ['renderer/ui/x.tsx', "import { a } from '../features/now/now.tsx';", /imports renderer\/features\/now\/now\.tsx/],
    ['renderer/features/now/x.tsx', "import { a } from '../alerts/list.tsx';", /imports renderer\/features\/alerts/],
    ['renderer/features/now/x.tsx', "import { a } from '#core/console.ts';", /imports main\/core\/console\.ts/],
    ['renderer/features/now/x.tsx', "import * as echarts from 'echarts/core';", /imports echarts\/core/],
    ['renderer/features/now/x.tsx', "const socket = new WebSocket('ws://x');", /uses WebSocket outside/],
    ['preload/x.ts', "import { a } from '#core/console.ts';", /imports main\/core/],
    ['main/core/x.ts', "import { a } from '../web/main.ts';", /imports main\/web\/main\.ts/],
    ['main/core/x.ts', "import { app } from 'electron';", /only the desktop host knows Electron/],
    ['main/electron/x.ts', "import { a } from '#backend/cli.ts';", /imports backend-bundle/],
    ['backend-bundle/services/alerting/x.ts', "import { a } from '../loaders/store.ts';", /imports backend-bundle\/services\/loaders/],
    [
      'backend-bundle/services/alerting/x.ts',
      "import { a } from '#backend/engines/database/sqlite/open.ts';",
      /imports backend-bundle\/engines\/database\/sqlite/,
    ],
    ['backend-bundle/services/alerting/x.ts', "import Fastify from 'fastify';", /HTTP is mounted in one place/],
    ['backend-bundle/services/alerting/x.ts', "import Database from 'better-sqlite3';", /storage stays behind its port/],
    [
      'backend-bundle/services/alerting/x.ts',
      "const late = await import('../loaders/store.ts');",
      /imports backend-bundle\/services\/loaders/,
    ],
    ['backend-bundle/engines/bus/x.ts', "import { a } from '#backend/services/service.ts';", /imports backend-bundle\/services/],
    ['backend-bundle/cli.ts', "import { a } from '#core/console.ts';", /imports main\/core/],
    ['elsewhere/x.ts', 'export {};', /stands on no floor/],
  ];
  test.each(forbidden)('%s: %s', (file, text, complaint) => {
    expect(check(file, text)).toEqual([expect.stringMatching(complaint)]);
  });

  test('names the line, and type imports count', () => {
    expect(check('renderer/link/x.ts', "\n\nimport type { A } from '#renderer/ui/button.tsx';")[0]).toMatch(/^3 imports renderer\/ui/);
  });
});

test('what the rule allows', () => {
  expect(
    check(
      'backend-bundle/services/alerting/x.ts',
      "import type { Engines } from '#backend/engines/port.ts';\nimport { routes } from '../service.ts';",
    ),
  ).toEqual([]);
  expect(
    check('renderer/features/now/x.tsx', "import { TimeChart } from '#renderer/charts/time-chart.tsx';\nimport { z } from 'zod';"),
  ).toEqual([]);
  expect(check('renderer/ui/x.tsx', "/** from */\ntype A = Pick<B, 'from' | 'to'>;\nconst a = range('from', t('x'));")).toEqual([]);
  expect(check('common/rules/x.ts', "// import fs from 'node:fs'\nimport { z } from 'zod';")).toEqual([]);
});

test('the house stands as drawn', () => {
  const { files, violations } = checkTree(fileURLToPath(new URL('..', import.meta.url)));
  expect(files).toBeGreaterThan(30);
  expect(violations).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkFile, checkTree } from './check.ts';
import { findCircles } from './circles.ts';

const check = (file: string, text: string) =>
  checkFile(file, text, () => true).violations.map((violation) => `${violation.line} ${violation.message}`);

/** A placeholder of a template, as it stands in the source that is checked. */
const hole = ['$', '{name}'].join('');

describe('the boundary rule refuses', () => {
  const forbidden: [file: string, text: string, complaint: RegExp][] = [
    ['common/rules/x.ts', "import { a } from '#backend/cli.ts';", /imports backend-bundle\/cli\.ts/],
    ['common/charts/x.ts', "import { readFileSync } from 'node:fs';", /imports node:fs: common may use only/],
    ['common/contract/x.ts', "import { a } from '../rules/evaluate.ts';", /imports common\/rules\/evaluate\.ts/],
    ['renderer/ui/x.tsx', "import { a } from '../features/now/now.tsx';", /imports renderer\/features\/now\/now\.tsx/],
    [
      'renderer/ui/x.tsx',
      "import { useConsole } from '#renderer/domain/rpc/context.ts';",
      /imports renderer\/domain\/rpc\/context\.ts: renderer\/ui may/,
    ],
    ['renderer/ui/x.tsx', "import type { Severity } from '#common/contract/primitives.ts';", /imports common\/contract\/primitives\.ts/],
    ['renderer/domain/x.tsx', "import { TimeChart } from '#renderer/charts/index.ts';", /imports renderer\/charts\/index\.ts/],
    ['renderer/domain/x.tsx', "import { a } from '#renderer/app/screens.ts';", /imports renderer\/app\/screens\.ts/],
    ['renderer/charts/engine/x.ts', "import { a } from '../plot/axis.ts';", /imports renderer\/charts\/plot\/axis\.ts/],
    ['renderer/charts/engine/x.ts', "import { useState } from 'react';", /imports react: renderer\/charts\/engine may use only/],
    ['renderer/charts/engine/x.ts', "import { a } from '#renderer/ui/format.ts';", /imports renderer\/ui\/format\.ts/],
    ['renderer/charts/plot/x.tsx', "import { a } from '../panel/time-chart.tsx';", /imports renderer\/charts\/panel\/time-chart\.tsx/],
    ['renderer/charts/panel/x.tsx', "import { Plot } from '../engine/plot.ts';", /imports renderer\/charts\/engine\/plot\.ts/],
    ['renderer/charts/panel/x.tsx', "import { a } from '../range-picker/typed-range.ts';", /imports renderer\/charts\/range-picker/],
    ['renderer/charts/range-picker/x.tsx', "import { a } from '../panel/time-chart.tsx';", /imports renderer\/charts\/panel/],
    [
      'renderer/charts/definition-form/x.tsx',
      "import { a } from '../range-picker/range-form.tsx';",
      /imports renderer\/charts\/range-picker/,
    ],
    ['renderer/charts/x.tsx', 'export {};', /stands on no floor/],
    ['renderer/charts/index.ts', "export { a } from './definition-form/form.tsx';", /imports renderer\/charts\/definition-form/],
    ['renderer/features/charts/x.tsx', "import { a } from '#renderer/app/messages.ts';", /imports renderer\/app\/messages\.ts/],
    ['renderer/link/x.ts', 'export {};', /stands on no floor/],
    ['renderer/main.tsx', "import { a } from './features/now/index.ts';", /imports renderer\/features\/now\/index\.ts/],
    ['renderer/features/now/x.tsx', "import { a } from '../alerts/list.tsx';", /imports renderer\/features\/alerts/],
    ['renderer/features/now/x.tsx', "import { a } from '#core/console.ts';", /imports main\/core\/console\.ts/],
    ['renderer/features/now/x.tsx', "import * as echarts from 'echarts/core';", /imports echarts\/core/],
    ['renderer/features/now/x.tsx', "const socket = new WebSocket('ws://x');", /uses WebSocket: the transports own it/],
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
    ['common/rules/x.ts', 'const late = await import(`#backend/cli.ts`);', /imports backend-bundle\/cli\.ts/],
    ['common/rules/x.ts', `const late = await import(\`#backend/${hole}.ts\`);`, /import of a computed name/],
    ['common/rules/x.ts', 'const late = await import(name);', /import of a computed name/],
    ['common/rules/x.ts', "type A = import('#backend/cli.ts').A;", /imports backend-bundle\/cli\.ts/],
    ['common/rules/x.ts', "export * from '#backend/cli.ts';", /imports backend-bundle\/cli\.ts/],
    ['common/rules/x.ts', "import { 'a b' as a } from '#backend/cli.ts';", /imports backend-bundle\/cli\.ts/],
    ['common/rules/x.ts', "import a = require('#backend/cli.ts');", /imports backend-bundle\/cli\.ts/],
    ['common/rules/x.ts', "const text = '/*'; await import('#backend/cli.ts'); const end = '*/';", /imports backend-bundle\/cli\.ts/],
    ['common/rules/x.ts', "import { a } from '/etc/x.ts';", /name it relative to this file/],
    ['common/rules/x.ts', "import { a } from 'file:///etc/x.ts';", /name it relative to this file/],
    ['common/rules/x.ts', "import { a } from '#common/../backend-bundle/cli.ts';", /an alias must not climb/],
    ['common/rules/x.ts', "import { a } from '../../../elsewhere/x.ts';", /outside the project/],
    ['main/core/x.ts', 'const make = module.createRequire(import.meta.url);', /uses createRequire/],
    ['main/core/x.ts', "const fs = process.getBuiltinModule('fs');", /uses getBuiltinModule/],
    ['main/core/x.ts', "const place = import.meta.resolve('fastify');", /HTTP is mounted in one place/],
    ['main/core/x.ts', "new Worker(new URL('../web/main.ts', import.meta.url));", /imports main\/web\/main\.ts/],
    ['main/core/database/x.ts', "import { waiting } from '../outbox/store.ts';", /imports main\/core\/outbox\/store\.ts/],
    ['main/core/x.ts', `new Worker(new URL(\`./${hole}.ts\`, import.meta.url));`, /new URL of a computed name/],
    ['main/core/x.ts', "import left from 'left-pad';", /imports left-pad: main\/core may use only/],
    ['renderer/app/x.ts', "const all = import.meta.glob('./*.ts');", /uses import\.meta\.glob/],
    ['renderer/features/now/x.tsx', "const answer = await fetch('/api');", /uses fetch: screens reach/],
    ['renderer/features/now/x.tsx', "const answer = await window.fetch('/api');", /uses fetch: screens reach/],
    ['renderer/features/now/x.tsx', "const events = new EventSource('/events');", /uses EventSource/],
    ['renderer/ui/styles/x.css', "@import '../../features/now/now.css';", /imports renderer\/features\/now\/now\.css/],
    ['backend-bundle/services/rca/rca.routes.ts', "await db.selectFrom('rules').selectAll().execute();", /uses selectFrom: SQL stands in/],
    [
      'backend-bundle/services/rca/rca.routes.ts',
      "await tx['insertInto']('rules').values(row).execute();",
      /uses insertInto: SQL stands in/,
    ],
    ['backend-bundle/services/rca/index.ts', 'await sql`delete from rules`.execute(db);', /uses sql: SQL stands in/],
    ['backend-bundle/services/rca/rca.routes.ts', "import type { Kysely } from 'kysely';", /imports kysely: SQL stands in/],
    ['backend-bundle/services/rca/rca.routes.ts', 'await database.transaction(work);', /uses transaction: a request changes/],
    ['backend-bundle/http/x.ts', "await db.deleteFrom('users').execute();", /uses deleteFrom: SQL stands in/],
    ['scripts/x.ts', "import { a } from '#backend/cli.ts';", /imports backend-bundle\/cli\.ts/],
  ];
  test.each(forbidden)('%s: %s', (file, text, complaint) => {
    expect(check(file, text)).toEqual([expect.stringMatching(complaint)]);
  });

  test('stores, and the engines below them, hold the SQL', () => {
    const text = "import { sql } from 'kysely';\nawait db.selectFrom('rules').select(sql`1`).execute();";
    expect(check('backend-bundle/services/rca/rca.store.ts', text)).toEqual([]);
    expect(check('backend-bundle/engines/bus/x.ts', text)).toEqual([]);
  });

  test('names the line, and type imports count', () => {
    expect(check('renderer/ui/x.ts', "\n\nimport type { A } from '#renderer/domain/places.ts';")[0]).toMatch(/^3 imports renderer\/domain/);
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
  expect(check('renderer/ui/x.tsx', 'type Send = typeof fetch;\nconst a = { fetch: 1 };\nclient.fetch(a);')).toEqual([]);
  expect(check('main/core/x.ts', "const root = new URL('https://x.example/y');\nconst b = new URL(path, base);")).toEqual([]);
  expect(check('common/rules/x.ts', "// import fs from 'node:fs'\nimport { z } from 'zod';")).toEqual([]);
});

test('a file that cannot be parsed is named', () => {
  expect(() => check('common/rules/x.ts', 'import {')).toThrow(/common\/rules\/x\.ts cannot be parsed/);
});

test('import cycles of any length are found', () => {
  const graph = (...arrows: string[]) => {
    const map = new Map<string, Set<string>>();
    for (const [from = '', to = ''] of arrows.map((arrow) => arrow.split('>'))) {
      map.set(from, (map.get(from) ?? new Set()).add(to));
      if (!map.has(to)) map.set(to, new Set());
    }
    return map;
  };
  expect(findCircles(graph('a>b', 'b>c', 'a>c'))).toEqual([]);
  expect(findCircles(graph('a>a'))).toEqual([['a']]);
  expect(findCircles(graph('a>b', 'b>c', 'c>a', 'c>d', 'd>e', 'e>d', 'x>a'))).toEqual([
    ['d', 'e'],
    ['a', 'b', 'c'],
  ]);
});

test('a folder is checked file by file, and for circles; git decides which files count', () => {
  const root = mkdtempSync(join(tmpdir(), 'watchfloor-boundaries-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const files = {
    '.gitignore': 'ignored.ts\n',
    'common/rules/a.ts': "import { b } from './b.ts';\n",
    'common/rules/b.ts': "\nimport { a } from './a.ts';\nimport { cli } from '#backend/cli.ts';\n",
    'common/rules/ignored.ts': "import { cli } from '#backend/cli.ts';\n",
    'backend-bundle/cli.ts': "new URL('./missing', import.meta.url);\n",
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  execFileSync('git', ['add', 'common/rules/a.ts'], { cwd: root });
  expect(checkTree(root)).toEqual({
    files: 3,
    violations: [
      { file: 'common/rules/b.ts', line: 3, message: expect.stringMatching(/^imports backend-bundle\/cli\.ts/) },
      { file: 'common/rules/a.ts', line: 1, message: 'is in a circle of imports: common/rules/a.ts, common/rules/b.ts' },
    ],
  });
});

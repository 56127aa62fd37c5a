import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRules } from '#common/rules/yaml.ts';
import { adminPassword, cliResult, startBackend, type TestBackend } from '../support/backend.ts';

const example = fileURLToPath(new URL('../../docs/rules-example', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'watchfloor-rules-'));
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(async () => {
  await backend.stop();
  rmSync(root, { recursive: true, force: true });
});

let folders = 0;
function copyOfExample(): string {
  folders += 1;
  const folder = join(root, `rules-${folders}`);
  cpSync(example, folder, { recursive: true });
  return folder;
}
const rules = (action: string, path: string, flags: string[] = [], env: Record<string, string> = {}) =>
  cliResult(['rules', action, path, '--backend', backend.url, ...flags], {
    WATCHFLOOR_USER: 'operator',
    WATCHFLOOR_PASSWORD: adminPassword,
    ...env,
  });

test('a folder of rules is planned, applied once, changed and pruned', async () => {
  const { client } = await backend.login('OPERATOR');
  const admin = await backend.login('ADMIN');
  const folder = copyOfExample();
  const codes = async () => (await client.rules.list()).items.map(({ code }) => code).sort();
  const before = await codes();

  const planned = await rules('apply', folder, ['--dry-run']);
  expect(planned).toMatchObject({ status: 0, err: '' });
  expect(planned.out).toContain('+ create belt-standstill\n+ create belt-unusual\n');
  expect(await codes()).toEqual(before);

  expect(await rules('apply', folder)).toMatchObject({ status: 0, out: expect.stringContaining('Applied.'), err: '' });
  expect(await codes()).toEqual([...before, 'belt-standstill', 'belt-unusual'].sort());
  const again = await rules('apply', folder);
  expect(again).toMatchObject({ status: 0, out: expect.stringContaining('0 to create, 0 to change, 0 to delete, 2 unchanged.') });
  expect((await client.rules.get({ params: { code: 'belt-standstill' } })).version).toBe(1);

  const file = join(folder, 'belt-standstill.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('for: 1m', 'for: 3m').replace('threshold: 0.05', 'threshold: 0.1'));
  expect((await rules('apply', folder)).out).toContain('~ change belt-standstill (when, for)');
  expect((await client.rules.get({ params: { code: 'belt-standstill' } })).forMs).toBe(180_000);

  // A rule that somebody else made isn't pruned; one that was applied is, if it was said.
  const [other] = parseRules(readFileSync(file, 'utf8'));
  await admin.client.rules.create({ body: { ...other, code: 'by-hand', name: 'By hand' } as never });
  rmSync(join(folder, 'belt-unusual.yaml'));
  expect((await rules('apply', folder)).out).toContain('  keep belt-unusual: not in the folder, made by operator');
  const unasked = await rules('apply', folder, ['--prune']);
  expect(unasked).toMatchObject({ status: 2, err: expect.stringContaining('add --yes') });
  expect(await codes()).toContain('belt-unusual');
  const pruned = await rules('apply', folder, ['--prune', '--yes']);
  expect(pruned.out).toContain('- delete belt-unusual');
  expect(pruned.out).toContain('  keep by-hand: not in the folder, made by admin');
  expect(await codes()).toEqual([...before, 'belt-standstill', 'by-hand'].sort());
});

test('exported rules are applied without a change', async () => {
  const folder = join(root, 'exported');
  const exported = await rules('export', folder);
  const { client } = await backend.login('OPERATOR');
  const count = (await client.rules.list()).items.length;
  expect(exported.out.trim().split('\n')).toHaveLength(count);
  expect((await rules('apply', folder)).out).toContain(`0 to create, 0 to change, 0 to delete, ${count} unchanged.`);
});

test('nothing is changed if any file is wrong, or a chart is missing', async () => {
  const folder = copyOfExample();
  writeFileSync(
    join(folder, 'a-first.yaml'),
    readFileSync(join(folder, 'belt-unusual.yaml'), 'utf8').replace('code: belt-unusual', 'code: a-first'),
  );
  writeFileSync(join(folder, 'wrong.yaml'), 'code: wrong\nwhen: {}\n');
  const wrong = await rules('apply', folder);
  expect(wrong.status).toBe(2);
  expect(wrong.err).toMatch(/wrong\.yaml:2:1: when\.conditions: This is missing/);
  writeFileSync(
    join(folder, 'wrong.yaml'),
    readFileSync(join(folder, 'belt-unusual.yaml'), 'utf8')
      .replace('code: belt-unusual', 'code: wrong')
      .replace('chart: belt-speed', 'chart: nowhere'),
  );
  const missing = await rules('apply', folder);
  expect(missing.status).toBe(2);
  expect(missing.err).toMatch(/wrong\.yaml:4:8: chart: The backend has no chart “nowhere”/);
  const { client } = await backend.login('OPERATOR');
  expect((await client.rules.list()).items.map(({ code }) => code)).not.toContain('a-first');
});

test('a failure half-way says what was made and what wasn’t', async () => {
  // Below the folder's first file is a rule whose code hides an endpoint, which the backend alone refuses.
  const folder = join(root, 'partly');
  cpSync(example, folder, { recursive: true });
  const text = readFileSync(join(folder, 'belt-unusual.yaml'), 'utf8');
  for (const [file, code] of [
    ['a.yaml', 'part-one'],
    ['b.yaml', 'schema'],
    ['belt-unusual.yaml', 'part-two'],
  ] as const)
    writeFileSync(join(folder, file), text.replace('code: belt-unusual', `code: ${code}`));
  rmSync(join(folder, 'belt-standstill.yaml'));
  const result = await rules('apply', folder);
  expect(result.status).toBe(1);
  expect(result.err).toContain('Could not create schema: ');
  expect(result.err).toContain('Made: create part-one\nNot tried: create part-two\n');
  const { client } = await backend.login('OPERATOR');
  const codes = (await client.rules.list()).items.map(({ code }) => code);
  expect([codes.includes('part-one'), codes.includes('part-two')]).toEqual([true, false]);
});

test('a viewer may export but not apply, and without a user it says what is missing', async () => {
  await backend.login('VIEWER');
  const viewer = { WATCHFLOOR_USER: 'viewer' };
  expect((await rules('export', join(root, 'viewer'), [], viewer)).status).toBe(0);
  const folder = join(root, 'viewer-apply');
  cpSync(example, folder, { recursive: true });
  const file = join(folder, 'belt-unusual.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('code: belt-unusual', 'code: of-a-viewer'));
  expect(await rules('apply', folder, [], viewer)).toMatchObject({ status: 1, err: expect.stringContaining('Made: none') });
  expect(await rules('apply', folder, [], { WATCHFLOOR_USER: '' })).toMatchObject({
    status: 2,
    err: expect.stringContaining('WATCHFLOOR_USER'),
  });
  expect(await cliResult(['rules', 'check', example])).toMatchObject({ status: 0, out: '2 rules, no mistakes.\n' });
});

test('the schema is printed, and served', async () => {
  const { out } = await cliResult(['rules', 'schema']);
  const { client } = await backend.login('VIEWER');
  expect(JSON.parse(out)).toEqual(await client.rules.schema());
});

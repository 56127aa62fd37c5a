import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRules } from '#common/rules/yaml.ts';
import { adminPassword, cliResult, startBackend, type TestBackend } from '../support/backend.ts';

const root = mkdtempSync(join(tmpdir(), 'watchfloor-import-'));
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(async () => {
  await backend.stop();
  rmSync(root, { recursive: true, force: true });
});

const file = join(root, 'hosts.rules.yml');
const text = `
groups:
  - name: hosts
    interval: 30s
    rules:
      - alert: HostOutOfMemory
        expr: min_over_time(host_memory_percent[5m]) >= 95
        for: 2m
        labels: { severity: page }
        annotations:
          summary: 'Memory of {{ $labels.host }} is at {{ printf "%.0f" $value }} %'
      - alert: HostUnreachable
        expr: up{segment="belt-1"} == 0
        labels: { severity: critical }
      - alert: HostNetworkBusy
        expr: |
          host_cpu_percent > 80
          and rate(host_network_bytes_total[5m]) > 1e8
`;
const run = (path: string, flags: string[] = [], user = 'operator') =>
  cliResult(['rules', 'import', path, '--backend', backend.url, ...flags], { WATCHFLOOR_USER: user, WATCHFLOOR_PASSWORD: adminPassword });

test('a rule file of Prometheus is tried, written to files, applied, and applied again without a change', async () => {
  writeFileSync(file, text);
  const { client } = await backend.login('OPERATOR');
  const codes = async () => (await client.rules.list()).items.map(({ code }) => code);
  const before = await codes();

  const tried = await run(file, ['--dry-run']);
  expect(tried).toMatchObject({ status: 0, err: '' });
  expect(tried.out).toContain('host-out-of-memory on chart host-memory: HostOutOfMemory, line 6, group hosts\n');
  expect(tried.out).toContain('No chart shows up. Create one, or name another one for it: --chart up=CHART\n');
  expect(tried.out).toMatch(
    /refused {3}HostNetworkBusy, line 15, group hosts\n.*rate\(\) handles restarts.*line 2, character 5 of the expression: rate\(/,
  );
  expect(tried.out).toContain('+ create host-out-of-memory\n1 to create, 0 to change, 0 to delete, 0 unchanged.\n');
  expect(await codes()).toEqual(before);
  expect(await run(file, ['--strict'])).toMatchObject({ status: 1, err: expect.stringContaining('--strict') });

  // A viewer may write files.
  await backend.login('VIEWER');
  const folder = join(root, 'rules');
  const written = await run(file, ['--output', folder, '--chart', 'up=belt-speed'], 'viewer');
  expect(written).toMatchObject({ status: 0, err: '' });
  expect(written.out).toContain(join(folder, 'host-unreachable.yaml'));
  expect(parseRules(readFileSync(join(folder, 'host-unreachable.yaml'), 'utf8'))).toMatchObject([
    { chartCode: 'belt-speed', matchLabels: { segment: 'belt-1' }, severity: 'CRITICAL' },
  ]);
  expect(await codes()).toEqual(before);

  expect((await run(file)).out).toContain('Applied.\n');
  const made = await client.rules.get({ params: { code: 'host-out-of-memory' } });
  expect(made).toMatchObject({
    version: 1,
    severity: 'CRITICAL',
    forMs: 120_000,
    annotations: { summary: 'Memory of {{ labels.host }} is at {{ value | round: 0 }} %' },
  });
  expect((await run(file)).out).toContain('0 to create, 0 to change, 0 to delete, 1 unchanged.\n');
});

test('a file that can’t be read, or a wrong flag, changes nothing', async () => {
  const wrong = join(root, 'wrong.yml');
  writeFileSync(wrong, 'groups: &all []\n');
  expect(await run(wrong)).toMatchObject({ status: 2, err: expect.stringContaining('wrong.yml:1:9: Anchors') });
  expect(await run(join(root, 'nowhere.yml'))).toMatchObject({ status: 2, err: expect.stringContaining('can’t be read') });
  expect(await run(file, ['--chart', 'up'])).toMatchObject({ status: 2, err: expect.stringContaining('METRIC=CHART') });
});

import { pino } from 'pino';
import { expect, it } from 'vitest';
import { metricBatch } from '#common/contract/metrics.ts';
import { openCollector, realDisks } from './collect.ts';
import { retryDelayMs } from './deliver.ts';

it('measures this computer in terms of the contract', async () => {
  const collector = openCollector(pino({ level: 'silent' }), 'here');
  await collector.collect(Date.now() - 1_000);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const now = Date.now();
  const metrics = await collector.collect(now);
  metricBatch.parse({ batchId: '01890a5d-ac96-774b-bcce-b302099a8057', metrics });
  const names = new Set(metrics.map(({ name }) => name));
  for (const name of ['host_cpu_percent', 'host_memory_percent', 'host_memory_used_bytes', 'host_load1']) expect(names).toContain(name);
  for (const metric of metrics) {
    expect(metric.labels['host']).toBe('here');
    expect(metric.points).toHaveLength(1);
    expect(metric.points[0]?.[0]).toBe(now);
    if (metric.unit === '%') expect(metric.points[0]?.[1]).toBeLessThanOrEqual(100);
  }
  const keys = metrics.map(({ name, labels }) => JSON.stringify([name, labels]));
  expect(new Set(keys).size).toBe(keys.length);
  expect(metrics.some(({ labels }) => labels['interface'] === 'lo')).toBe(false);
});

it('counts each real disk once, by its shortest mount', () => {
  const disk = (fs: string, mount: string, type = 'ext4', size = 1) => ({ fs, mount, type, size, use: 50 });
  const disks = [
    disk('/dev/sda1', '/etc/hosts'),
    disk('/dev/sda1', '/'),
    disk('tmpfs', '/run', 'tmpfs'),
    disk('/dev/loop0', '/snap/x', 'squashfs'),
    disk('/dev/sdb', '/data', 'xfs'),
    disk('/dev/sr0', '/cd', 'ext4', 0),
  ];
  expect(realDisks(disks).map(({ mount }) => mount)).toEqual(['/', '/data']);
});

it('waits longer with each failure, spread over the whole time, up to 30 s', () => {
  expect(retryDelayMs(1, 0.999)).toBeLessThan(500);
  expect(retryDelayMs(3, 1)).toBe(2_000);
  expect(retryDelayMs(100, 1)).toBe(30_000);
  expect(retryDelayMs(100, 0)).toBe(0);
});

import { hostname, loadavg } from 'node:os';
import type { Logger } from 'pino';
import si from 'systeminformation';
import type { MetricBatch } from '#common/contract/metrics.ts';

type Metric = MetricBatch['metrics'][number];

/** File systems in memory, and those that only show another one. Their usage says nothing about a disk. */
const virtualTypes = new Set(['tmpfs', 'devtmpfs', 'ramfs', 'squashfs', 'iso9660', 'proc', 'sysfs', 'efivarfs', 'fuse.snapfuse', 'nsfs']);

export interface Disk {
  fs: string;
  type: string;
  size: number;
  use: number;
  mount: string;
}

/** Returns each real file system once, under its shortest mount point: bind mounts show the same disk again. */
export function realDisks(disks: readonly Disk[]): Disk[] {
  const chosen = new Map<string, Disk>();
  for (const disk of disks) {
    if (!(disk.size > 0) || !Number.isFinite(disk.use) || virtualTypes.has(disk.type.toLowerCase())) continue;
    const known = chosen.get(disk.fs);
    if (known === undefined || disk.mount.length < known.mount.length) chosen.set(disk.fs, disk);
  }
  return [...chosen.values()];
}

/** Measures this computer. */
export interface Collector {
  /** Returns one point per series at `now` (epoch ms). A metric that cannot be measured is left out and logged once. */
  collect(now: number): Promise<Metric[]>;
}

export function openCollector(log: Logger, host = hostname()): Collector {
  const logged = new Set<string>();
  const tryTo = async (what: string, measure: () => Promise<Metric[]> | Metric[]): Promise<Metric[]> => {
    try {
      const found = await measure();
      logged.delete(what);
      return found;
    } catch (error) {
      if (!logged.has(what)) log.warn({ err: error }, `${what} cannot be measured; the rest goes on`);
      logged.add(what);
      return [];
    }
  };

  return {
    async collect(now) {
      const metric = (name: string, unit: string, value: number | null | undefined, more: Record<string, string> = {}): Metric[] =>
        typeof value === 'number' && Number.isFinite(value) ? [{ name, unit, labels: { host, ...more }, points: [[now, value]] }] : [];
      const parts = await Promise.all([
        tryTo('processor use', async () => metric('host_cpu_percent', '%', (await si.currentLoad()).currentLoad)),
        tryTo('memory', async () => {
          const { total, available } = await si.mem();
          const used = total - available;
          return [...metric('host_memory_percent', '%', (100 * used) / total), ...metric('host_memory_used_bytes', 'B', used)];
        }),
        tryTo('disk use', async () =>
          realDisks(await si.fsSize()).flatMap(({ use, mount }) => metric('host_disk_percent', '%', use, { mount })),
        ),
        tryTo('network', async () =>
          (await si.networkStats('*'))
            .filter(({ iface }) => !/^lo\d*$/.test(iface) && !iface.startsWith('Loopback'))
            // Rates compare with the sample before: the first has none.
            .flatMap(({ iface, rx_sec, tx_sec }) => [
              ...metric('host_network_receive_bytes_per_second', 'B/s', rx_sec, { interface: iface }),
              ...metric('host_network_transmit_bytes_per_second', 'B/s', tx_sec, { interface: iface }),
            ]),
        ),
        // Windows has no load average and gives zeros for it.
        tryTo('load', () => (process.platform === 'win32' ? [] : metric('host_load1', '', loadavg()[0]))),
      ]);
      return parts.flat();
    },
  };
}

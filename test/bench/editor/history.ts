import { randomUUID } from 'node:crypto';
import { type Client, createClient } from '#common/contract/client.ts';
import { dayMs, minuteMs } from '#common/time/durations.ts';

/** As far back as the editor tries a rule, and as much as the windows look back before that. */
const historyMs = 31 * dayMs;
const batchPoints = 1_000;
const spikes = 100;
const spikeMinutes = 20;

/** The highest value of the series, and the lowest height of a spike. */
export const highest = 2;
export const lowestSpike = 1;

/**
 * Stores a month of points, one a minute, of some series of a metric of their own, and makes a chart of them with a rule. Each series leaves its
 * sine 100 times, a little higher each time, so that every step of a threshold between the lowest and the highest changes its firings.
 * @returns the code of the rule
 */
export async function storeHistory(client: Client, backend: string, series: number): Promise<string> {
  const code = `editor-${series}`;
  const metric = `bench_editor_${series}`;
  const { secret } = await client.auth.createApiKey({ body: { name: code } });
  const agent = createClient({ baseUrl: backend, apiKey: secret });
  const end = Math.floor(Date.now() / minuteMs) * minuteMs;
  const minutes = historyMs / minuteMs;
  for (let first = 0; first < minutes; first += batchPoints) {
    const metrics = Array.from({ length: series }, (_, shift) => {
      const points = Array.from({ length: Math.min(batchPoints, minutes - first) }, (_, i): [number, number] => [
        end - historyMs + (first + i) * minuteMs,
        valueAt(first + i, minutes, shift),
      ]);
      return { name: metric, labels: { host: `host-${shift + 1}` }, points };
    });
    await agent.metrics.ingest({ body: { batchId: randomUUID(), metrics } });
  }
  const selector = { from: 'metric' as const, name: metric, labels: {} };
  await client.charts.create({ body: { code, title: `Editor, ${series} series`, selector } });
  const condition = { kind: 'threshold', aggregation: 'avg', windowMs: 5 * minuteMs, operator: '>', threshold: highest - 0.1 } as const;
  const rule = { code, name: code, chartCode: code, conditions: [condition], severity: 'HIGH' as const, evaluateEveryMs: minuteMs };
  await client.rules.create({ body: { ...rule, enabled: false } });
  return code;
}

function valueAt(minute: number, minutes: number, shift: number): number {
  const everyMinutes = Math.floor(minutes / spikes);
  const spike = Math.floor(minute / everyMinutes);
  // Spikes of neighbouring heights lie far apart in time.
  const height = lowestSpike + ((spike * 37 + shift * 11) % spikes) / spikes;
  const value = (minute + shift * 7) % everyMinutes < spikeMinutes ? height : 0.5 + 0.4 * Math.sin((minute + 300 * shift) / 700);
  return Math.round(1_000 * value) / 1_000;
}

import type { Client } from '#common/contract/client.ts';
import type { Severity } from '#common/contract/primitives.ts';

/** Rules of a storm: as in a mass outage, many rules fire for many series each. */
const ruleCount = 20;
export const rulePrefix = 'storm-';
const windowMs = 600_000;
const maxRecords = 10_000;
const severityOf = (rule: number): Severity => (['CRITICAL', 'HIGH', 'HIGH', 'WARNING', 'INFO'] as const)[rule % 5] ?? 'INFO';

export interface Storm {
  /** Stores the bad values: within seconds every series fires. */
  begin(): Promise<void>;
  /** Stores good values over the bad ones, so that everything resolves. */
  end(): Promise<void>;
}

/** Prepares rules over `alertCount` series of real signals on a backend that runs. */
export async function prepareStorm(client: Client, alertCount: number): Promise<Storm> {
  const perRule = Math.ceil(alertCount / ruleCount);
  const rules = Array.from({ length: ruleCount }, (_, rule) => `${rulePrefix}${String(rule + 1).padStart(2, '0')}`);
  const segments = Array.from({ length: perRule }, (_, segment) => `line-${String(segment + 1).padStart(4, '0')}`);
  const at = Math.floor(Date.now() / 1_000) - 5;
  const store = async (value: number): Promise<void> => {
    const records = rules.flatMap((loaderCode) =>
      segments.map((segmentCode) => {
        const values = { minVal: value, maxVal: value, avgVal: value, sumVal: value };
        return { loaderCode, segmentCode, timestamp: at, recCount: 1, ...values };
      }),
    );
    for (let from = 0; from < records.length; from += maxRecords)
      await client.signals.bulk({ body: { signals: records.slice(from, from + maxRecords) } });
  };
  await store(1);
  for (const [place, loaderCode] of rules.entries()) {
    const title = `Pressure of hall ${place + 1}`;
    await client.charts.create({ body: { code: loaderCode, title, selector: { from: 'signal', loaderCode }, unit: 'bar' } });
    await client.rules.create({
      body: {
        code: loaderCode,
        name: `Pressure of hall ${place + 1} high`,
        chartCode: loaderCode,
        conditions: [{ kind: 'threshold', aggregation: 'max', windowMs, operator: '>', threshold: 6 }],
        severity: severityOf(place),
        onNoData: 'keep',
        evaluateEveryMs: 5_000,
      },
    });
  }
  return { begin: () => store(9.5), end: () => store(1) };
}

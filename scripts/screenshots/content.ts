import { type DashboardInput, dashboardBody } from '#common/contract/dashboards.ts';
import { ruleInput } from '#common/contract/rules.ts';
import type { Product } from '../../test/e2e/product.ts';

/** What the pictures show, next to what the product ships. */
type ApiClient = Awaited<ReturnType<Product['client']>>;
/** Code of the dashboard that fills a wall. */
export const wallCode = 'wall-of-30';

/** So that the rule that fires has a history. */
export async function changeRule(client: ApiClient): Promise<void> {
  const rule = (await client.rules.list()).items.find(({ name }) => name === 'Belt speed low');
  if (!rule) throw new Error('The rule “Belt speed low” is not shipped.');
  const input = ruleInput.strip().parse(rule);
  const changed = { ...input, severity: 'CRITICAL' as const, forMs: 5_000 };
  await client.rules.update({ params: { code: rule.code }, body: { ...changed, version: rule.version } });
}

/** Quiet rules next to those that the product ships, so that the list of rules has something to sort and filter. */
export async function makeRules(client: ApiClient): Promise<void> {
  const belts = [1, 2, 3];
  const rules = [
    ...belts.map((belt) => ({
      code: `belt-${belt}-fast`,
      name: `Belt ${belt} too fast`,
      segment: `belt-${belt}`,
      threshold: 2,
      owner: 'Line team',
    })),
    ...belts.map((belt) => ({
      code: `belt-${belt}-racing`,
      name: `Belt ${belt} racing`,
      segment: `belt-${belt}`,
      threshold: 4,
      owner: 'Maintenance',
    })),
    { code: 'belt-9-fast', name: 'Belt 9 too fast', segment: 'belt-9', threshold: 2, owner: '' },
  ];
  for (const { code, name, segment, threshold, owner } of rules) {
    const condition = { kind: 'threshold', aggregation: 'max', windowMs: 60_000, operator: '>', threshold } as const;
    const more = { severity: threshold > 2 ? 'HIGH' : 'WARNING', onNoData: 'keep', enabled: code !== 'belt-3-racing' } as const;
    const rule = {
      code,
      name,
      owner,
      chartCode: 'belt-speed',
      matchLabels: { segment },
      conditions: [condition],
      evaluateEveryMs: 10_000,
      ...more,
    };
    await client.rules.create({ body: ruleInput.parse(rule) });
  }
}

/** Thirty charts out of the shipped dashboards on one, and a second and third version of it to compare. */
export async function makeWall(client: ApiClient): Promise<void> {
  const shipped = await Promise.all(
    ['conveyor', 'host-health', 'platform-health', 'loaders'].map((code) => client.dashboards.get({ params: { code } })),
  );
  const charts = shipped.flatMap(({ code, panels }) => panels.map((panel) => ({ ...panel, id: `${code}-${panel.id}` })));
  const panels = charts
    .filter((panel) => panel.kind === 'library' || (panel.kind === 'chart' && !['stat', 'table'].includes(panel.drawing.type)))
    .concat(charts.filter((panel) => panel.kind === 'chart' && panel.drawing.type === 'stat'))
    .slice(0, 30)
    .map((panel, i) => ({ ...panel, place: { x: (i % 6) * 4, y: Math.floor(i / 6) * 5, w: 4, h: 5 } }));
  const body: DashboardInput = {
    code: wallCode,
    title: 'Wall of thirty',
    description: 'All that moves, on one screen.',
    folder: 'Plant',
    range: { lastMs: 300_000 },
    variables: shipped.flatMap(({ variables }) => variables),
    panels,
  };
  await client.dashboards.create({ body: dashboardBody.parse(body) });
  const second = {
    ...body,
    title: 'Wall of 30',
    tags: ['control room'],
    panels: panels.map((panel, i) =>
      i === 0 && panel.kind === 'library'
        ? { ...panel, title: 'Belts, speed' }
        : i === 1
          ? { ...panel, place: { ...panel.place, h: 5, y: 25 } }
          : panel,
    ),
  };
  await client.dashboards.update({ params: { code: wallCode }, body: { ...dashboardBody.parse(second), version: 1 } });
  await client.dashboards.update({
    params: { code: wallCode },
    body: { ...dashboardBody.parse({ ...second, panels }), version: 2 },
  });
}

/** A chart that got another belt, and a rule that stays on the one that it had. */
export async function changeChart(client: ApiClient): Promise<void> {
  const of = (segmentCode: string) => ({ from: 'signal', loaderCode: 'belt-speed', segmentCode }) as const;
  const chart = { code: 'line-speed', title: 'Speed of the line', unit: 'm/s' };
  await client.charts.create({ body: { ...chart, selector: of('belt-1') } });
  const low = { kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '<', threshold: 0.9 } as const;
  const rule = ruleInput.parse({
    code: 'line-speed-low',
    name: 'Line too slow',
    chartCode: chart.code,
    conditions: [{ ...low }],
    severity: 'HIGH',
    owner: 'admin',
  });
  await client.rules.create({ body: rule });
  await client.charts.update({ params: { code: chart.code }, body: { ...chart, selector: of('belt-2'), version: 1 } });
}

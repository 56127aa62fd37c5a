import { beforeAll, expect, test } from 'vitest';
import type { SignedIn } from '../support/backend.ts';
import { onEachDeployment } from '../support/deployments.ts';

const day = 86_400;
const nowSeconds = () => Math.floor(Date.now() / 1_000);
const record = (loaderCode: string, timestamp: unknown, value = 1) => ({
  loaderCode,
  timestamp,
  segmentCode: 'a',
  recCount: 1,
  minVal: value,
  maxVal: value,
  avgVal: value,
  sumVal: value,
});

interface Refusal {
  code: string;
  message: string;
  field?: string;
  hint?: string;
}

onEachDeployment('times', (backend) => {
  let operator: SignedIn;
  let admin: SignedIn;
  beforeAll(async () => {
    operator = await backend().login('OPERATOR');
    admin = await backend().login('ADMIN');
  });
  const post = async (path: string, body: unknown, { session } = operator): Promise<{ status: number; body: Refusal }> => {
    const headers = { authorization: `Bearer ${session.accessToken}`, 'content-type': 'application/json' };
    const response = await fetch(backend().url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Refusal };
  };
  const get = async (path: string): Promise<{ status: number; body: Refusal }> => {
    const response = await fetch(backend().url + path, { headers: { authorization: `Bearer ${operator.session.accessToken}` } });
    return { status: response.status, body: (await response.json()) as Refusal };
  };
  const bulk = (...signals: unknown[]) => post('/api/v1/res/signals/bulk', { signals });

  test.each([null, true, '', [5], '0x10', '1760000000', ' 5', 1.5, {}])('a timestamp of %j is refused by name', async (timestamp) => {
    const good = record('typed', nowSeconds());
    const { status, body } = await bulk(good, good, good, record('typed', timestamp));
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_failed', field: 'signals.3.timestamp' });
    expect((await get(`/api/v1/res/signals/signal/typed?fromEpoch=0&toEpoch=${nowSeconds() + day}`)).body.code).toBe('not_found');
  });

  test.each(['', '0x10', '%205', '1e3', '5.5', 'null'])('a fromEpoch of “%s” in the query is refused by name', async (text) => {
    const { status, body } = await get(`/api/v1/signals/query?loaderCode=belt-speed&fromEpoch=${text}&toEpoch=${nowSeconds()}`);
    expect([status, body.field]).toEqual([400, 'fromEpoch']);
  });

  test('every endpoint reports milliseconds instead of seconds, and the reverse, in the same way', async () => {
    const seconds = nowSeconds();
    const ms = seconds * 1_000;
    const tooLarge = (field: string) => `${field} is in milliseconds; this field takes epoch seconds: divide by 1000.`;
    const tooSmall = (field: string) => `${field} is in seconds; this field takes epoch milliseconds: multiply by 1000.`;
    const selector = { from: 'metric', name: 'cpu' };
    const batch = {
      batchId: crypto.randomUUID(),
      metrics: [
        {
          name: 'cpu',
          labels: {},
          points: [
            [ms, 1],
            [seconds, 2],
          ],
        },
      ],
    };
    const agent = await fetch(`${backend().url}/metrics`, {
      method: 'POST',
      headers: { 'x-api-key': 'an agent key for tests', 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    const anyAlert = '/api/v1/alerts/01890a5d-ac96-774b-bcce-b302099a8057';
    const answers = [
      [await bulk(record('unit', seconds), record('unit', ms)), tooLarge('signals.1.timestamp'), `Send ${seconds}.`],
      [await get(`/api/v1/signals/query?loaderCode=unit&fromEpoch=${ms}&toEpoch=${ms + 1}`), tooLarge('fromEpoch'), `Send ${seconds}.`],
      [await get(`/api/v1/res/signals/signal/unit?fromEpoch=0&toEpoch=${ms}`), tooLarge('toEpoch'), `Send ${seconds}.`],
      [{ status: agent.status, body: (await agent.json()) as Refusal }, tooSmall('metrics.0.points.1.0'), `Send ${ms}.`],
      [
        await post('/api/v1/charts/data', {
          queries: [{ selector, aggregation: 'avg', from: seconds - 60, to: seconds, bucketMs: 1_000 }],
        }),
        tooSmall('queries.0.from'),
        `Send ${ms - 60_000}.`,
      ],
      [await post('/api/v1/charts/columns', { selector, from: 0, to: seconds, columns: 5 }), tooSmall('to'), `Send ${ms}.`],
      [await post('/api/v1/points/delete', { selector, from: 0, to: seconds }, admin), tooSmall('to'), `Send ${ms}.`],
      [await post(`${anyAlert}/acknowledge`, { expiresAt: seconds }), tooSmall('expiresAt'), `Send ${ms}.`],
      [await post(`${anyAlert}/snooze`, { until: seconds, reason: 'x' }), tooSmall('until'), `Send ${ms}.`],
      [
        await post('/api/v1/alerts/changes', {
          changes: [{ kind: 'snooze', id: '01890a5d-ac96-774b-bcce-b302099a8057', until: seconds, reason: 'x' }],
        }),
        tooSmall('changes.0.until'),
        `Send ${ms}.`,
      ],
      [
        await post('/api/v1/dashboards', { code: 'dated', title: 'Dated', range: { from: seconds - 60, to: seconds } }),
        tooSmall('range.from'),
        `Send ${ms - 60_000}.`,
      ],
      [await get(`/api/v1/alerts?changedSince=${seconds}`), tooSmall('changedSince'), `Send ${ms}.`],
      [await get(`/api/v1/signals/changes?since=${seconds}`), tooSmall('since'), `Send ${ms}.`],
    ] as const;
    for (const [{ status, body }, message, hint] of answers) {
      expect([status, body.code, body.message, body.hint]).toEqual([400, 'validation_failed', message, hint]);
    }
  });

  test('a body with several loaders is stored completely or not at all, and announced only if it is', async () => {
    const since = Date.now();
    const changes = async () => {
      const { items } = await operator.client.signals.changes({ query: { since } });
      return items.map(({ name }) => name).filter((name) => name.startsWith('whole'));
    };
    const refused = await bulk(record('whole-a', nowSeconds()), record('whole-b', 5));
    expect(refused).toMatchObject({
      status: 400,
      body: { field: 'signals.1.timestamp', message: expect.stringMatching(/before 3 March 1973/) },
    });
    expect(await changes()).toEqual([]);
    for (const code of ['whole-a', 'whole-b']) {
      expect((await get(`/api/v1/res/signals/signal/${code}?fromEpoch=0&toEpoch=${nowSeconds() + 1}`)).status).toBe(404);
    }
    expect((await bulk(record('whole-a', nowSeconds()), record('whole-b', nowSeconds() - 5))).status).toBe(200);
    expect((await changes()).sort()).toEqual(['whole-a', 'whole-b']);
  });

  test('a point up to a day ahead is stored and can be read and deleted; one further ahead is refused, with what to check', async () => {
    const ahead = nowSeconds() + day - 60;
    expect((await bulk(record('ahead', ahead, 7))).status).toBe(200);
    const late = await bulk(record('ahead', nowSeconds() + day + 60));
    expect(late.body).toMatchObject({ field: 'signals.0.timestamp', hint: expect.stringMatching(/clock/) });
    expect(late.body.message).toMatch(/more than a day ahead of this backend’s clock/);
    const query = { fromEpoch: ahead - 10, toEpoch: ahead + 10 };
    const { items } = await operator.client.signals.range({ params: { loaderCode: 'ahead' }, query });
    expect(items.map(({ timestamp }) => timestamp)).toEqual([ahead]);
    const selector = { from: 'signal', loaderCode: 'ahead' } as const;
    const gone = await admin.client.points.delete({ body: { selector, from: query.fromEpoch * 1_000, to: query.toEpoch * 1_000 } });
    expect(gone.deleted).toBe(1);
  });

  test('a range of calendar days does not block the process, even without an end', async () => {
    expect((await bulk(record('days', nowSeconds() - 40 * day, 3), record('days', nowSeconds(), 4))).status).toBe(200);
    expect((await bulk(record('days', 1_760_000_000_000))).status).toBe(400);
    const end = 60_397_977_599;
    const path = `/api/v1/signals/query?loaderCode=days&fromEpoch=0&toEpoch=${end}&bucket=1d&aggregation=sum&timeZone=Europe/Berlin`;
    expect((await get(path)).status).toBe(200);
    const filled = await get(`${path}&fill=zero`);
    expect(filled.status).toBe(200);
    const health = await fetch(`${backend().url}/health/live`, { signal: AbortSignal.timeout(5_000) });
    expect(health.status).toBe(200);
  });
});

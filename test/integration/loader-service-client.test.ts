import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { beforeAll, expect, test } from 'vitest';
import type { Client } from '#common/contract/client.ts';
import { onEachDeployment } from '../support/deployments.ts';

const folder = fileURLToPath(new URL('../fixtures/loader-service-client/', import.meta.url));

/** A request of a client of the older loader service, and the expected reply. Replies may have additional fields. */
interface Exchange {
  name: string;
  request: string;
  status: number;
  answer: Record<string, unknown>;
}

const exchanges = readdirSync(folder)
  .sort()
  .map((file): Exchange => {
    const [request = '', answer = ''] = readFileSync(folder + file, 'utf8').split('\n=== answer ===\n');
    const [head = '', body = ''] = answer.split('\n\n');
    return { name: file.replace('.http', ''), request, status: Number(head.split(' ')[1]), answer: JSON.parse(body) };
  });

/** Sends a request as it was recorded, over a bare connection. */
async function play(url: string, recorded: string, token: string): Promise<{ status: number; body: unknown }> {
  const [head = '', ...rest] = recorded.trimEnd().replace('{{token}}', token).split('\n\n');
  const body = rest.join('\n\n');
  const lines = [...head.split('\n'), 'Connection: close', ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`])];
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  const answer = await text(socket);
  const end = answer.indexOf('\r\n\r\n');
  return { status: Number(answer.split(' ', 2)[1]), body: JSON.parse(answer.slice(end + 4)) };
}

onEachDeployment(
  'a client of the older loader service',
  (backend) => {
    let client: Client;
    let token = '';
    beforeAll(async () => {
      const admin = await backend().login('ADMIN');
      client = admin.client;
      token = admin.session.accessToken;
    });

    test.each(exchanges)('$name', async ({ request, status, answer }) => {
      const heard = await play(backend().url, request, token);
      expect(heard.status).toBe(status);
      if (Array.isArray(answer['items']) && request.includes('/loaders')) {
        const items = (heard.body as { items: unknown[] }).items;
        for (const item of answer['items']) expect(items).toContainEqual(expect.objectContaining(item));
      } else expect(heard.body).toMatchObject(answer);
    });

    test('replies have the fields of the older service and no deprecated name', async () => {
      const request = exchanges.find(({ name }) => name.startsWith('12-'))?.request ?? '';
      const { body } = await play(backend().url, request, token);
      expect(Object.keys(body as object).sort()).toEqual(['aggregation', 'bucket', 'dataPoints', 'downsampled', 'loaderCode', 'timeRange']);
      const point = (body as { dataPoints: object[] }).dataPoints[0] ?? {};
      expect(Object.keys(point).sort()).toEqual(['avgVal', 'maxVal', 'minVal', 'recCount', 'segmentCode', 'sumVal', 'timestamp', 'value']);
      expect(await (await fetch(`${backend().url}/actuator/health`)).text()).toBe('{"status":"UP"}');
    });

    test('receives an alert, and finds it in the history, by the fields it knows', async () => {
      const seconds = Math.floor(Date.now() / 1_000);
      const record = {
        loaderCode: 'LIVE_SALES',
        segmentCode: 'EU_WEST',
        timestamp: seconds,
        recCount: 1,
        minVal: 9,
        maxVal: 9,
        avgVal: 9,
        sumVal: 9,
      };
      await client.signals.bulk({ body: { signals: [record] } });
      const selector = { from: 'signal' as const, loaderCode: 'LIVE_SALES' };
      await client.charts.create({ body: { code: 'LIVE_SALES', title: 'Sales', selector, aggregation: 'max' } });
      const leave = new AbortController();
      const headers = { authorization: `Bearer ${token}` };
      const stream = await fetch(`${backend().url}/api/v1/events`, { headers, signal: leave.signal });
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
      // As it is on the wire: our own readers would add what an older backend leaves out.
      const triggered = async () => {
        for (;;) {
          const { value } = (await reader?.read()) ?? {};
          if (value === undefined) throw new Error('The stream ended.');
          const { type, data } = JSON.parse(value.data);
          if (type === 'alert.triggered' && data.ruleId === 'SALES_HIGH') return data;
        }
      };
      const condition = { kind: 'threshold', aggregation: 'max', windowMs: 3_600_000, operator: '>', threshold: 5 } as const;
      const rule = { code: 'SALES_HIGH', name: 'Sales high', chartCode: 'LIVE_SALES', conditions: [condition], severity: 'HIGH' as const };
      await client.rules.create({ body: rule });
      const heard = await triggered();
      leave.abort();
      const { items } = await client.alerts.history({ query: { ruleId: 'SALES_HIGH' } });
      const [entry] = items;
      const known = { alertId: entry?.alertId, ruleId: 'SALES_HIGH', ruleName: 'Sales high', loaderCode: 'LIVE_SALES', severity: 'HIGH' };
      const fields = { ...known, triggeredAt: entry?.triggeredAt, currentValue: 9, threshold: 5 };
      expect(heard).toMatchObject(fields);
      expect(items).toEqual([
        {
          ...fields,
          templateCode: null,
          segmentCode: 'EU_WEST',
          state: 'FIRING',
          resolvedAt: null,
          acknowledgedBy: null,
          acknowledgedAt: null,
        },
      ]);
      await client.alerts.acknowledge({ params: { id: entry?.alertId ?? '' }, body: {} });
      expect((await client.alerts.history({ query: { ruleId: 'SALES_HIGH', state: 'FIRING' } })).items[0]?.acknowledgedBy).toBe('admin');
      const paused = await client.rules.setStatus({ params: { code: 'SALES_HIGH' }, body: { status: 'PAUSED' } });
      expect(paused.enabled).toBe(false);
      expect((await client.alerts.history({ query: { ruleId: 'SALES_HIGH' } })).items[0]?.state).toBe('RESOLVED');
    });
  },
  // The recorded signals are of October 2025.
  { env: { WATCHFLOOR_RETENTION_DAYS: '0' } },
);

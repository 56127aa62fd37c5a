import { setTimeout as sleep } from 'node:timers/promises';
import type { SeriesQuery } from '#common/contract/charts.ts';
import { type Client, createClient } from '#common/contract/client.ts';
import { adminPassword } from '../../support/backend.ts';
import { type EventReader, readEvents } from '../../support/event-reader.ts';

const loaderCount = 4;
const segmentCount = 50;
const recordsPerSegment = 2_000;
const maxRecords = 10_000;
const hourMs = 3_600_000;
/** Pause of a user between two requests, ms. */
const pauseMs = 500;
/** Users sign in one after the other, this far apart, ms. */
const arrivalMs = 150;

const loaderCode = (loader: number) => `load-${loader + 1}`;
const segmentCode = (segment: number) => `line-${String(segment + 1).padStart(3, '0')}`;
const username = (user: number) => `user-${String(user + 1).padStart(3, '0')}`;

/** Stores a record a minute for every segment of every loader, up to now. Returns how many. */
export async function storeRecords(client: Client): Promise<number> {
  const last = Math.floor(Date.now() / 60_000) * 60;
  const segmentsAtOnce = maxRecords / recordsPerSegment;
  for (let loader = 0; loader < loaderCount; loader++) {
    for (let from = 0; from < segmentCount; from += segmentsAtOnce) {
      const signals = Array.from({ length: maxRecords }, (_, i) => {
        const segment = from + Math.floor(i / recordsPerSegment);
        const step = i % recordsPerSegment;
        const avg = Math.round(1_000 + 300 * Math.sin(step / 90 + segment) + ((step * 7_919 + segment * 104_729) % 97)) / 10;
        const values = { recordCount: 60, min: avg - 2.5, max: avg + 2.5, avg, sum: avg * 60 };
        return { loaderCode: loaderCode(loader), segmentCode: segmentCode(segment), timestamp: last - step * 60, ...values };
      });
      await client.signals.bulk({ body: { signals } });
    }
  }
  return loaderCount * segmentCount * recordsPerSegment;
}

export async function makeUsers(client: Client, count: number): Promise<void> {
  for (let user = 0; user < count; user++)
    await client.auth.createUser({ body: { username: username(user), password: adminPassword, role: 'VIEWER' } });
}

export interface CrowdResult {
  latenciesMs: number[];
  failures: number;
  firstFailure: unknown;
}

/** Signs `count` users in, each with an event stream, and has them read until `forMs` is over; then all leave. */
export async function playCrowd(url: string, count: number, forMs: number): Promise<CrowdResult> {
  const result: CrowdResult = { latenciesMs: [], failures: 0, firstFailure: undefined };
  const streams: EventReader[] = [];
  const ends = performance.now() + forMs;
  const fail = (error: unknown) => {
    result.failures += 1;
    result.firstFailure ??= error;
  };
  const playUser = async (user: number) => {
    await sleep(user * arrivalMs);
    const session = await createClient({ baseUrl: url, timeoutMs: 60_000 }).auth.login({
      body: { username: username(user), password: adminPassword },
    });
    const client = createClient({ baseUrl: url, token: () => session.accessToken, timeoutMs: 60_000 });
    const stream = await readEvents(url, session.accessToken);
    streams.push(stream);
    // Reads until the stream is closed below.
    stream.until(() => false).catch(() => undefined);
    for (let turn = user; performance.now() < ends; turn++) {
      const begun = performance.now();
      await act(client, user, turn).catch(fail);
      result.latenciesMs.push(performance.now() - begun);
      await sleep(pauseMs);
    }
    await client.auth.logout({ body: { refreshToken: session.refreshToken } });
  };
  try {
    await Promise.all(Array.from({ length: count }, (_, user) => playUser(user).catch(fail)));
  } finally {
    await Promise.all(streams.map((stream) => stream.close()));
  }
  return result;
}

/** The requests of a console: mostly charts, in both formats, over ranges from an hour to everything. */
async function act(client: Client, user: number, turn: number): Promise<void> {
  const now = Math.floor(Date.now() / 10_000) * 10_000;
  switch (turn % 8) {
    case 0:
      await client.alerts.list({ query: { limit: 500 } });
      return;
    case 1:
      await client.rules.list();
      return;
    case 2:
      await client.loaders.list();
      return;
    case 3:
      await client.dashboards.list({ query: {} });
      return;
    case 4:
    case 5:
      await client.charts.data({ body: { queries: queriesOf(user, turn, now) } });
      return;
    default:
      for await (const _ of await client.charts.data.arrow({ body: { queries: queriesOf(user, turn, now) } }));
  }
}

function queriesOf(user: number, turn: number, to: number): SeriesQuery[] {
  const rangeMs = [hourMs, 6 * hourMs, 24 * hourMs, 33 * hourMs][(user + turn) % 4] ?? hourMs;
  const loader = (user + turn) % loaderCount;
  return Array.from({ length: 6 }, (_, i): SeriesQuery => {
    const common = { from: to - rangeMs, to };
    // One query of six reads a whole loader in buckets, the rest a segment each.
    return i === 0
      ? {
          ...common,
          selector: { from: 'signal', loaderCode: loaderCode(loader) },
          aggregation: 'avg',
          bucketMs: Math.max(60_000, Math.round(rangeMs / 200)),
        }
      : {
          ...common,
          selector: { from: 'signal', loaderCode: loaderCode(loader), segmentCode: segmentCode((user * 5 + turn + i) % segmentCount) },
          aggregation: 'max',
          bucketMs: 60_000,
        };
  });
}

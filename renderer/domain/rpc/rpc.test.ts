import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ToCore } from '#common/contract/console/rpc.ts';
import type { OpenPort, RpcPortEvents } from './port.ts';
import { Rpc } from './rpc.ts';

/** The server's end of each connection that the client opens. */
interface End {
  sent: ToCore[];
  events: RpcPortEvents;
  closed: boolean;
}
let ends: End[];
/** Makes opening fail. */
let refuse: boolean;
let waits: number[];
const open: OpenPort = async (events) => {
  if (refuse) throw new Error('refused');
  const end: End = { sent: [], events, closed: false };
  ends.push(end);
  return {
    send: (frame) => void end.sent.push(frame),
    close: () => {
      end.closed = true;
    },
  };
};
const wait = async (ms: number) => {
  waits.push(ms);
  await new Promise((resolve) => setTimeout(resolve, 1));
};
const connect = async () => {
  const rpc = new Rpc(open, wait);
  await rpc.ready;
  return rpc;
};
const last = () => {
  const end = ends.at(-1);
  if (!end) throw new Error('no connection');
  return end;
};

beforeEach(() => {
  ends = [];
  waits = [];
  refuse = false;
});

describe('calls', () => {
  test('answers in any order are matched with their calls', async () => {
    const { console } = await connect();
    const one = console.outbox.list();
    const two = console.backend.log({ part: 'agent' });
    expect(last().sent).toEqual([
      { kind: 'call', id: 1, service: 'outbox', method: 'list', input: undefined },
      { kind: 'call', id: 2, service: 'backend', method: 'log', input: { part: 'agent' } },
    ]);
    last().events.message({ kind: 'result', id: 2, output: ['x'] });
    last().events.message({ kind: 'result', id: 1, output: [] });
    expect(await one).toEqual([]);
    expect(await two).toEqual(['x']);
  });

  test('an error arrives with its code, field and hint', async () => {
    const { console } = await connect();
    const call = console.outbox.list();
    const error = { code: 'conflict', message: 'Taken.', field: 'name', hint: 'Choose another.', requestId: 'r1' };
    last().events.message({ kind: 'error', id: 1, error });
    await expect(call).rejects.toMatchObject(error);
  });

  test('an error that is none is still an error', async () => {
    const { console } = await connect();
    const call = console.outbox.list();
    last().events.message({ kind: 'error', id: 1, error: 'boom' });
    await expect(call).rejects.toMatchObject({ code: 'internal' });
  });

  test('answers to unknown calls are ignored', async () => {
    const { console } = await connect();
    last().events.message({ kind: 'result', id: 99, output: 1 });
    last().events.message({ kind: 'alive' });
    const call = console.outbox.list();
    last().events.message({ kind: 'result', id: 1, output: [] });
    expect(await call).toEqual([]);
  });

  test('giving up cancels on the other side', async () => {
    const { console } = await connect();
    const giveUp = new AbortController();
    const call = console.outbox.list(undefined, giveUp.signal);
    giveUp.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(last().sent.at(-1)).toEqual({ kind: 'cancel', id: 1 });
    await expect(console.outbox.list(undefined, giveUp.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(last().sent).toHaveLength(2);
  });
});

describe('when the link breaks', () => {
  test('running calls fail immediately with an error that says why; later ones too, until it is back', async () => {
    const { console } = await connect();
    const call = console.outbox.list();
    refuse = true;
    last().events.closed('The power went out.');
    await expect(call).rejects.toMatchObject({ code: 'unavailable', reason: 'core_unreachable', cause: 'The power went out.' });
    await expect(console.outbox.list()).rejects.toMatchObject({ code: 'unavailable', hint: expect.any(String) });
    refuse = false;
    await vi.waitFor(() => expect(ends).toHaveLength(2));
    const again = console.outbox.list();
    last().events.message({ kind: 'result', id: 2, output: [] });
    expect(await again).toEqual([]);
  });

  test('what was subscribed is subscribed again, once, and what was left is not', async () => {
    const { console } = await connect();
    const heard: unknown[] = [];
    console.outbox.onChanged((items) => heard.push(items));
    console.outbox.onChanged((items) => heard.push(items));
    const leave = console.alerts.onChanged(() => {});
    leave();
    last().events.closed('gone');
    await vi.waitFor(() => expect(last().sent).toEqual([{ kind: 'subscribe', service: 'outbox', event: 'changed' }]));
    last().events.message({ kind: 'event', service: 'outbox', event: 'changed', payload: [] });
    expect(heard).toEqual([[], []]);
  });

  test('it tries again, less and less often, never seldom', async () => {
    refuse = true;
    const rpc = new Rpc(open, wait);
    await vi.waitFor(() => expect(waits.length).toBeGreaterThan(8));
    refuse = false;
    await rpc.ready;
    expect(waits[0]).toBeLessThanOrEqual(250 * 1.25);
    for (const ms of waits) expect(ms).toBeLessThanOrEqual(8_000 * 1.25);
    expect(waits[7]).toBeGreaterThanOrEqual(8_000 * 0.75);
  });

  test('listeners receive the current state, then each change', async () => {
    const rpc = await connect();
    const states: string[] = [];
    const leave = rpc.onLink((state) => states.push(state));
    last().events.closed('gone');
    await vi.waitFor(() => expect(states).toEqual(['open', 'closed', 'open']));
    leave();
    last().events.closed('gone');
    await vi.waitFor(() => expect(ends).toHaveLength(3));
    expect(states).toHaveLength(3);
  });

  test('a connection that dies while it opens is not taken for open', async () => {
    let first = true;
    const rpc = new Rpc((events) => {
      if (first) {
        first = false;
        events.closed('at once');
      }
      return open(events);
    }, wait);
    await rpc.ready;
    expect(ends).toHaveLength(2);
    rpc.console.outbox.list().catch(() => {});
    expect(ends[0]?.sent).toEqual([]);
    expect(ends[1]?.sent).toHaveLength(1);
  });
});

describe('subscriptions', () => {
  test('the first listener subscribes, the last unsubscribes; the same function twice counts twice', async () => {
    const { console } = await connect();
    const listener = vi.fn();
    const one = console.outbox.onChanged(listener);
    const two = console.outbox.onChanged(listener);
    last().events.message({ kind: 'event', service: 'outbox', event: 'changed', payload: [] });
    expect(listener).toHaveBeenCalledTimes(2);
    one();
    one();
    expect(last().sent).toEqual([{ kind: 'subscribe', service: 'outbox', event: 'changed' }]);
    two();
    expect(last().sent.at(-1)).toEqual({ kind: 'unsubscribe', service: 'outbox', event: 'changed' });
  });
});

test('closed for good: it does not come back', async () => {
  const rpc = await connect();
  const call = rpc.console.outbox.list();
  rpc.close();
  await expect(call).rejects.toMatchObject({ code: 'unavailable' });
  expect(last().closed).toBe(true);
  // A reconnect would open another at once.
  expect(ends).toHaveLength(1);
});

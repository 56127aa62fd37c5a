import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, test, vi } from 'vitest';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { ToCore, ToRenderer } from '#common/contract/console/rpc.ts';
import { AppError } from '#common/contract/errors.ts';
import { type RpcChannel, RpcServer } from './server.ts';

/** The services that these tests call; the server does not need the others. */
function handlers(over: Partial<{ [S in keyof ConsoleHandlers]: Partial<ConsoleHandlers[S]> }>): ConsoleHandlers {
  return over as ConsoleHandlers;
}

function connect(given: Parameters<typeof handlers>[0], backlog = () => 0) {
  const lines: string[] = [];
  const server = new RpcServer({ handlers: handlers(given), log: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }) });
  const client = attach(server, backlog);
  return { ...client, server, lines };
}

function attach(server: RpcServer, backlog = () => 0) {
  const sent: ToRenderer[] = [];
  let receive: (frame: unknown) => void = () => {};
  let end: () => void = () => {};
  const closed: string[] = [];
  const channel: RpcChannel = {
    send: (frame) => void sent.push(frame),
    backlog,
    close: (reason) => {
      closed.push(reason);
      end();
    },
    onMessage: (listener) => {
      receive = listener;
    },
    onClose: (listener) => {
      end = listener;
    },
  };
  server.attach(channel);
  return { sent, closed, post: (frame: unknown) => receive(frame), hangUp: () => end() };
}

const call = (id: number, service: string, method: string, input?: unknown): ToCore => ({ kind: 'call', id, service, method, input });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('calls', () => {
  test('a call without arguments answers, also when the key is missing as after JSON', async () => {
    const { sent, post } = connect({ outbox: { list: () => [] } });
    post(call(1, 'outbox', 'list'));
    post({ kind: 'call', id: 2, service: 'outbox', method: 'list' });
    await settled();
    expect(sent).toEqual([
      { kind: 'result', id: 1, output: [] },
      { kind: 'result', id: 2, output: [] },
    ]);
  });

  test('the handler gets parsed input, defaults filled in', async () => {
    const log = vi.fn(() => ['a line']);
    const { sent, post } = connect({ backend: { log } });
    post(call(1, 'backend', 'log', { part: 'agent' }));
    await settled();
    expect(log).toHaveBeenCalledWith({ part: 'agent', lines: 200 }, expect.any(AbortSignal));
    expect(sent).toEqual([{ kind: 'result', id: 1, output: ['a line'] }]);
  });

  test.each([
    ['a wrong value', { part: 'kitchen' }, 'part'],
    ['an unknown field', { part: 'agent', colour: 'red' }, undefined],
    ['nothing at all', undefined, undefined],
  ])('%s is refused before the handler, naming the field', async (_, input, field) => {
    const log = vi.fn(() => []);
    const { sent, post } = connect({ backend: { log } });
    post(call(7, 'backend', 'log', input));
    await settled();
    expect(log).not.toHaveBeenCalled();
    expect(sent).toEqual([{ kind: 'error', id: 7, error: expect.objectContaining({ code: 'validation_failed' }) }]);
    if (field) expect(sent[0]).toMatchObject({ error: { field } });
  });

  test.each([
    ['nowhere', 'list'],
    ['outbox', 'nothing'],
    ['outbox', 'toString'],
    ['__proto__', 'list'],
    ['constructor', 'name'],
  ])('%s.%s is not found', async (service, method) => {
    const { sent, post } = connect({ outbox: { list: () => [] } });
    post(call(1, service, method));
    await settled();
    expect(sent).toEqual([{ kind: 'error', id: 1, error: expect.objectContaining({ code: 'not_found' }) }]);
  });

  test('an AppError keeps its code, field and hint', async () => {
    const { sent, post } = connect({
      outbox: {
        list: () => {
          throw new AppError('conflict', 'Someone was faster.', { field: 'version', hint: 'Load it again.' });
        },
      },
    });
    post(call(1, 'outbox', 'list'));
    await settled();
    expect(sent[0]).toMatchObject({
      kind: 'error',
      error: { code: 'conflict', message: 'Someone was faster.', field: 'version', hint: 'Load it again.', requestId: expect.any(String) },
    });
  });

  test('an unexpected error only contains the id of its log entry', async () => {
    const { sent, post, lines } = connect({ outbox: { list: () => Promise.reject(new Error('password is hunter2')) } });
    post(call(1, 'outbox', 'list'));
    await settled();
    const [frame] = sent;
    if (frame?.kind !== 'error') throw new Error('no error came');
    const error = frame.error as { code: string; requestId: string };
    expect(error.code).toBe('internal');
    expect(JSON.stringify(frame)).not.toContain('hunter2');
    expect(lines.join('')).toContain(error.requestId);
    expect(lines.join('')).toContain('hunter2');
  });
});

describe('cancelling', () => {
  const untilAborted = (_input: undefined, signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  test('the handler’s signal aborts and no answer is sent', async () => {
    const list = vi.fn(untilAborted);
    const { sent, post } = connect({ outbox: { list } });
    post(call(1, 'outbox', 'list'));
    await settled();
    post({ kind: 'cancel', id: 1 });
    await settled();
    expect(list.mock.calls[0]?.[1].aborted).toBe(true);
    expect(sent).toEqual([]);
  });

  test('a renderer that disconnects aborts only its own calls', async () => {
    const list = vi.fn(untilAborted);
    const { server, post, hangUp } = connect({ outbox: { list } });
    const other = attach(server);
    post(call(1, 'outbox', 'list'));
    other.post(call(1, 'outbox', 'list'));
    await settled();
    hangUp();
    expect(list.mock.calls.map(([, signal]) => signal.aborted)).toEqual([true, false]);
    expect(server.size).toBe(1);
  });

  test('the id of a running call must not be reused', async () => {
    const { post, closed } = connect({ outbox: { list: untilAborted } });
    post(call(1, 'outbox', 'list'));
    post(call(1, 'outbox', 'list'));
    await settled();
    expect(closed).toEqual(['Call 1 is under way already.']);
  });

  test('above a thousand running calls the next is refused, and the others continue', async () => {
    const { sent, post } = connect({ outbox: { list: untilAborted } });
    for (let id = 0; id <= 1_000; id += 1) post(call(id, 'outbox', 'list'));
    await settled();
    expect(sent).toEqual([{ kind: 'error', id: 1_000, error: expect.objectContaining({ code: 'rate_limited' }) }]);
  });
});

describe('events', () => {
  test('reach subscribers until they unsubscribe', () => {
    const { server, sent, post } = connect({});
    const other = attach(server);
    server.publish('outbox', 'changed', []);
    expect(server.isListening('outbox', 'changed')).toBe(false);
    post({ kind: 'subscribe', service: 'outbox', event: 'changed' });
    expect(server.isListening('outbox', 'changed')).toBe(true);
    server.publish('outbox', 'changed', []);
    post({ kind: 'unsubscribe', service: 'outbox', event: 'changed' });
    server.publish('outbox', 'changed', []);
    expect(sent).toEqual([{ kind: 'event', service: 'outbox', event: 'changed', payload: [] }]);
    expect(other.sent).toEqual([]);
  });

  test('only existing events can be subscribed to', () => {
    const { server, sent, post } = connect({});
    post({ kind: 'subscribe', service: 'outbox', event: 'toString' });
    server.publish('outbox', 'toString' as 'changed', []);
    expect(sent).toEqual([]);
  });

  test('a renderer that stops reading is disconnected', () => {
    const { server, sent, closed, post } = connect({}, () => 40 * 1024 * 1024);
    post({ kind: 'subscribe', service: 'outbox', event: 'changed' });
    server.publish('outbox', 'changed', []);
    expect(sent).toEqual([]);
    expect(closed).toHaveLength(1);
    expect(server.size).toBe(0);
  });
});

test('the server keeps working whatever arrives', async () => {
  const nearFrame = fc.record(
    {
      kind: fc.oneof(fc.constantFrom('call', 'cancel', 'subscribe', 'unsubscribe', '__proto__'), fc.anything()),
      id: fc.oneof(fc.integer(), fc.anything()),
      service: fc.oneof(fc.constantFrom('outbox', 'alerts', 'constructor', '__proto__'), fc.anything()),
      method: fc.oneof(fc.constantFrom('list', 'log', 'toString', 'hasOwnProperty'), fc.anything()),
      event: fc.oneof(fc.constantFrom('changed', 'valueOf'), fc.anything()),
      input: fc.anything(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(nearFrame, fc.anything()), { maxLength: 30 }), async (frames) => {
      const { server, post } = connect({ outbox: { list: () => [] } });
      for (const frame of frames) post(frame);
      await new Promise(setImmediate);
      const after = attach(server);
      after.post(call(1, 'outbox', 'list'));
      await new Promise(setImmediate);
      expect(after.sent).toEqual([{ kind: 'result', id: 1, output: [] }]);
    }),
    { numRuns: 300 },
  );
});

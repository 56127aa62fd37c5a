import { once } from 'node:events';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SentEvent } from '../services/service.ts';
import { eventStreamBody, formatEvent } from './sse.ts';

const hello = (lastId: string): SentEvent => ({ event: { type: 'hello', data: { at: 1, lastId } } });
const never = new AbortController().signal;

async function text(body: AsyncIterable<Buffer>): Promise<string> {
  let all = '';
  for await (const chunk of body) all += chunk.toString();
  return all;
}

test('one event is one block, with an id only when it has one', () => {
  expect(formatEvent({ id: '7', ...hello('6') })).toBe('id: 7\nevent: hello\ndata: {"type":"hello","data":{"at":1,"lastId":"6"}}\n\n');
  expect(formatEvent(hello('line\nbreak'))).toBe('event: hello\ndata: {"type":"hello","data":{"at":1,"lastId":"line\\nbreak"}}\n\n');
});

test('the heartbeat continues however many events arrive', async () => {
  const enough = new AbortController();
  let beats = 0;
  async function* busy() {
    for (;;) {
      await sleep(5);
      yield hello('1');
    }
  }
  const body = eventStreamBody(busy(), enough.signal, 40);
  body.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes(': heartbeat')) beats += 1;
    if (beats === 3) enough.abort('session_ended');
  });
  await once(body, 'end');
  expect(beats).toBe(3);
});

test('the end has a reason, and no later event is sent', async () => {
  const ending = new AbortController();
  async function* events() {
    yield hello('before');
    ending.abort('token_expired');
    yield hello('after');
  }
  const body = await text(eventStreamBody(events(), ending.signal));
  expect(body).toContain('before');
  expect(body).not.toContain('after');
  expect(body.endsWith('event: ended\ndata: {"type":"ended","data":{"reason":"token_expired"}}\n\n')).toBe(true);
});

test('a stream ends with an error when its reader’s session can’t be checked', async () => {
  const ending = new AbortController();
  ending.abort(new Error('the database is gone'));
  async function* silent(): AsyncGenerator<SentEvent> {
    await new Promise(() => undefined);
    yield hello('never');
  }
  await expect(text(eventStreamBody(silent(), ending.signal))).rejects.toThrow('the database is gone');
});

test('a reader that does not read pauses the source, and disconnecting ends it', async () => {
  let made = 0;
  let ended = false;
  async function* endless() {
    try {
      for (;;) {
        made += 1;
        yield hello('x'.repeat(1_000));
      }
    } finally {
      ended = true;
    }
  }
  const body = eventStreamBody(endless(), never, 10_000);
  body.once('readable', () => undefined);
  // Nothing here waits for a timer: one turn of the event loop later, everything has happened.
  await turn();
  const before = made;
  await turn();
  expect(made).toBe(before);
  expect(made).toBeLessThan(200);
  body.destroy();
  await turn();
  expect(ended).toBe(true);
});

test('a source that fails ends the stream with its error', async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first event, which is what the test is about.
  async function* broken(): AsyncGenerator<SentEvent> {
    throw new Error('the database is gone');
  }
  await expect(text(eventStreamBody(broken(), never))).rejects.toThrow('the database is gone');
});

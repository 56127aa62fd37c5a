import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SentEvent } from '../services/service.ts';
import { eventStreamBody, formatEvent } from './sse.ts';

const hello = (lastId: string): SentEvent => ({ event: { type: 'hello', data: { at: 1, lastId } } });
const always = async () => true;

async function text(body: AsyncIterable<Buffer>): Promise<string> {
  let all = '';
  for await (const chunk of body) all += chunk.toString();
  return all;
}

test('one event is one block, with an id only when it has one', () => {
  expect(formatEvent({ id: '7', ...hello('6') })).toBe('id: 7\nevent: hello\ndata: {"type":"hello","data":{"at":1,"lastId":"6"}}\n\n');
  expect(formatEvent(hello('line\nbreak'))).toBe('event: hello\ndata: {"type":"hello","data":{"at":1,"lastId":"line\\nbreak"}}\n\n');
});

test('the beat goes on however many events come, and ends with the reader’s welcome', async () => {
  let asked = 0;
  const welcomeThrice = async () => {
    asked += 1;
    return asked < 4;
  };
  async function* busy() {
    for (;;) {
      await sleep(5);
      yield hello('1');
    }
  }
  const body = await text(eventStreamBody(busy(), welcomeThrice, 40));
  expect(body.match(/: heartbeat/g)).toHaveLength(3);
  expect(body.match(/event: hello/g)?.length).toBeGreaterThan(5);
});

test('a reader that does not read holds back the source, and leaving ends it', async () => {
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
  const body = eventStreamBody(endless(), always, 10_000);
  body.once('readable', () => undefined);
  await sleep(100);
  const before = made;
  await sleep(100);
  expect(made).toBe(before);
  expect(made).toBeLessThan(200);
  body.destroy();
  await sleep(50);
  expect(ended).toBe(true);
});

test('a source that fails ends the stream with its error', async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first event, which is the case to show.
  async function* broken(): AsyncGenerator<SentEvent> {
    throw new Error('the database is gone');
  }
  await expect(text(eventStreamBody(broken(), always))).rejects.toThrow('the database is gone');
});

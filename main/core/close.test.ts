import { pino } from 'pino';
import { expect, test } from 'vitest';
import { closeInOrder } from './close.ts';

test('a failed step is logged and later steps still run', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void lines.push(line) });
  const closed: string[] = [];
  const step = (name: string, fails: boolean): [string, () => Promise<void>] => [
    name,
    async () => {
      closed.push(name);
      if (fails) throw new Error('the disk is full');
    },
  ];
  await closeInOrder([step('outbox', false), step('connections', true), step('database', false)], log);
  expect(closed).toEqual(['outbox', 'connections', 'database']);
  expect(lines.map((line) => JSON.parse(line) as { step: string; err: { message: string } })).toMatchObject([
    { step: 'connections', err: { message: 'the disk is full' } },
  ]);
});

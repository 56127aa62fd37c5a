import { describe, expect, it } from 'vitest';
import type { FrameAnswer, FrameRequest } from './protocol.ts';
import { Snapshots, Waiters } from './waiting.ts';

const question = { plot: 1 } as Omit<FrameRequest, 'seq'>;
const answerTo = ({ seq }: FrameRequest, exact = true) => ({ seq, exact }) as FrameAnswer;

describe('snapshots', () => {
  it('settle each on its own, whichever way they overlap with one another and with pictures on screen', async () => {
    const snapshots = new Snapshots();
    const asked: FrameRequest[] = [];
    const send = (ask: FrameRequest) => void asked.push(ask);
    const first = snapshots.ask(question, send);
    const second = snapshots.ask(question, send);
    snapshots.receive(answerTo(asked[0] as FrameRequest));
    // One question was answered, so the count is as before the second; its number must not be reused.
    const third = snapshots.ask(question, send);
    expect(new Set(asked.map(({ seq }) => seq)).size).toBe(3);
    for (const ask of asked.slice(1)) snapshots.receive(answerTo(ask));
    const settled = await Promise.all([first, second, third]);
    expect(settled.map(({ seq }) => seq)).toEqual(asked.map(({ seq }) => seq));
  });

  it('wait for the exact picture, and keep every answer of theirs off the screen', async () => {
    const snapshots = new Snapshots();
    const asked: FrameRequest[] = [];
    const picture = snapshots.ask(question, (ask) => void asked.push(ask));
    expect(snapshots.receive(answerTo(asked[0] as FrameRequest, false))).toBe(true);
    expect(snapshots.receive(answerTo(asked[0] as FrameRequest))).toBe(true);
    expect((await picture).exact).toBe(true);
    expect(snapshots.receive({ seq: 7, exact: true } as FrameAnswer)).toBe(false);
  });

  it('fail when the plot does', async () => {
    const snapshots = new Snapshots();
    const picture = snapshots.ask(question, () => undefined);
    snapshots.fail(new Error('closed'));
    await expect(picture).rejects.toThrow('closed');
  });
});

describe('waiters', () => {
  it('take the first picture that is good enough', async () => {
    const waiters = new Waiters<string>();
    const any = waiters.wait(0, false);
    const exact = waiters.wait(2, true);
    waiters.settle({ seq: 2, exact: false } as FrameAnswer, 'coarse');
    waiters.settle({ seq: 2, exact: true } as FrameAnswer, 'exact');
    expect(await Promise.all([any, exact])).toEqual(['coarse', 'exact']);
  });
});

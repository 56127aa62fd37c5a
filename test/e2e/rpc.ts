import type { Page } from 'playwright-core';
import WebSocket from 'ws';
import { FrameReader } from '#common/contract/console/codec.ts';
import type { ConsoleServices } from '#common/contract/console/index.ts';
import type { ToRenderer } from '#common/contract/console/rpc.ts';

type Methods<S extends keyof ConsoleServices> = ConsoleServices[S]['methods'];
type Output<Method> = Method extends { output: infer O } ? O : never;

/** Asks the console's core what it would answer this page, with the page's own cookie. */
export async function callConsole<S extends keyof ConsoleServices, M extends keyof Methods<S> & string>(
  page: Page,
  service: S,
  method: M,
  input?: unknown,
): Promise<Output<Methods<S>[M]>> {
  const { origin } = new URL(page.url());
  const cookie = (await page.context().cookies(origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin } });
  const reader = new FrameReader();
  try {
    return await new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => socket.send(JSON.stringify({ kind: 'call', id: 1, service, method, input })));
      socket.on('message', (data: Buffer, binary) => {
        const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
        const answer = reader.read(binary ? bytes : data.toString()) as ToRenderer | undefined;
        if (answer === undefined) return;
        if (answer.kind === 'result' && answer.id === 1) resolve(answer.output as Output<Methods<S>[M]>);
        if (answer.kind === 'error' && answer.id === 1) reject(new Error(JSON.stringify(answer.error)));
      });
    });
  } finally {
    socket.close();
  }
}

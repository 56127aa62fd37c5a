import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SeriesQuery } from '#common/contract/charts.ts';

export interface SeriesProxy {
  url: string;
  /** Every question for series that came through, in order. */
  asked: SeriesQuery[];
  /** Forwards this many bytes of each answer with series, then closes or waits; null forwards everything. */
  limit: { bytes: number; afterwards: 'cut' | 'wait' } | null;
  /** Answers with series whose reader has left before their end. */
  left: number;
  close(): void;
}

/** A proxy in front of a backend that behaves like a bad network. */
export async function startSeriesProxy(backend: string): Promise<SeriesProxy> {
  const { port } = new URL(backend);
  const server = createServer((incoming, outgoing) => {
    const isSeries = incoming.url === '/api/v1/charts/data';
    const body: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => body.push(piece));
    incoming.on('end', () => {
      if (isSeries) proxy.asked.push(...(JSON.parse(Buffer.concat(body).toString()) as { queries: SeriesQuery[] }).queries);
    });
    const onward = request(
      { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        if (!isSeries || proxy.limit === null) answer.pipe(outgoing);
        else passLimited(answer, outgoing, proxy.limit);
        outgoing.on('close', () => {
          if (isSeries && !outgoing.writableFinished) proxy.left += 1;
        });
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: SeriesProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    limit: null,
    left: 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}

function passLimited(
  answer: NodeJS.ReadableStream,
  outgoing: ServerResponse,
  { bytes, afterwards }: { bytes: number; afterwards: 'cut' | 'wait' },
): void {
  let left = bytes;
  answer.on('data', (piece: Buffer) => {
    if (left > 0) outgoing.write(piece.subarray(0, left));
    left -= piece.length;
    if (left > 0) return;
    if (afterwards === 'wait') answer.pause();
    // Bytes that were written earlier are sent first.
    else setTimeout(() => outgoing.destroy(), 100);
  });
  answer.on('end', () => outgoing.end());
}

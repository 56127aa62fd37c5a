import { uuidv7 } from 'uuidv7';
import type { DocumentInput } from '#common/contract/console/dashboards.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Context } from '../context.ts';
import { makePdf } from './pdf.ts';

/** What lies here unfinished is given up after this long without a piece, ms. */
const patienceMs = 120_000;
const mostOpen = 4;
/** Pictures of one document, bytes. */
const mostBytes = 96 * 1024 * 1024;

interface Open {
  input: DocumentInput;
  pictures: Map<string, Buffer[]>;
  bytes: number;
  aborting: AbortController;
  timer: NodeJS.Timeout;
}

/** Documents under way: begun by a window, filled with pictures, finished as a PDF or given up. */
export class Documents {
  readonly handlers: ConsoleHandlers['documents'];
  readonly #open = new Map<string, Open>();

  constructor({ emit, now }: Pick<Context, 'emit' | 'now'>) {
    this.handlers = {
      begin: (input) => {
        checkInput(input);
        if (this.#open.size >= mostOpen) {
          throw new AppError('rate_limited', `${mostOpen} documents are being made already.`, { hint: 'Wait for one, or cancel it.' });
        }
        const documentId = uuidv7();
        const timer = setTimeout(() => this.#end(documentId), patienceMs).unref();
        this.#open.set(documentId, { input, pictures: new Map(), bytes: 0, aborting: new AbortController(), timer });
        return { documentId };
      },
      picture: ({ documentId, panelId, piece }) => {
        const open = this.#find(documentId);
        if (!open.input.panels.some(({ id, content }) => id === panelId && content.kind === 'picture')) {
          throw new AppError('validation_failed', `The document has no picture ${panelId}.`, { field: 'panelId' });
        }
        const bytes = Buffer.from(piece, 'base64');
        open.bytes += bytes.length;
        if (open.bytes > mostBytes) {
          this.#end(documentId);
          throw new AppError('payload_too_large', `The pictures take more than ${mostBytes / 1024 / 1024} MB.`, {
            hint: 'Export fewer panels, or from a smaller window.',
          });
        }
        open.pictures.set(panelId, [...(open.pictures.get(panelId) ?? []), bytes]);
        open.timer.refresh();
      },
      finish: async ({ documentId }, signal) => {
        const open = this.#find(documentId);
        try {
          const { bytes, pages } = await makePdf({
            input: open.input,
            pictures: new Map([...open.pictures].map(([id, pieces]) => [id, checkPng(Buffer.concat(pieces), id)])),
            now: now(),
            signal: AbortSignal.any([signal, open.aborting.signal]),
            onProgress: (done) => emit('documents', 'progress', { documentId, done }),
          });
          return { pages, base64: bytes.toString('base64') };
        } finally {
          this.#end(documentId);
        }
      },
      giveUp: ({ documentId }) => this.#end(documentId),
    };
  }

  close(): void {
    for (const id of [...this.#open.keys()]) this.#end(id);
  }

  #find(documentId: string): Open {
    const open = this.#open.get(documentId);
    if (open === undefined) throw new AppError('not_found', 'This document was given up.', { field: 'documentId', hint: 'Export again.' });
    return open;
  }

  #end(documentId: string): void {
    const open = this.#open.get(documentId);
    if (open === undefined) return;
    clearTimeout(open.timer);
    this.#open.delete(documentId);
    open.aborting.abort(new AppError('unavailable', 'The export was cancelled.'));
  }
}

function checkInput({ from, to, timeZone }: DocumentInput): void {
  if (from >= to) {
    throw new AppError('invalid_time_range', 'The range ends before it begins.', { field: 'to', hint: 'Give an end after the start.' });
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new AppError('validation_failed', `There is no time zone ${timeZone}.`, {
      field: 'timeZone',
      hint: 'Give one such as Asia/Dubai.',
      cause,
    });
  }
}

function checkPng(bytes: Buffer, panelId: string): Buffer {
  if (bytes.subarray(1, 4).toString('latin1') === 'PNG') return bytes;
  throw new AppError('validation_failed', `The picture of panel ${panelId} is no PNG.`, { field: 'piece' });
}

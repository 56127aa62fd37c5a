import { uuidv7 } from 'uuidv7';
import type { DocumentInput } from '#common/contract/console/dashboards.ts';
import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import { problemError } from '#common/words/problems.ts';
import type { Context } from '../context.ts';
import { makePdf } from './pdf.ts';

/** An unfinished document is discarded after this long without a new image, ms. */
const idleTimeoutMs = 120_000;
const maxOpen = 4;
/** Maximum size of all images of one document, bytes. */
const maxBytes = 96 * 1024 * 1024;

interface Open {
  input: DocumentInput;
  pictures: Map<string, Buffer[]>;
  bytes: number;
  aborting: AbortController;
  timer: NodeJS.Timeout;
}

/** The documents being exported: a window begins one, adds images, and finishes it as a PDF or cancels it. */
export class Documents {
  readonly handlers: ConsoleHandlers['documents'];
  readonly #open = new Map<string, Open>();

  constructor({ emit, now }: Pick<Context, 'emit' | 'now'>) {
    this.handlers = {
      begin: (input) => {
        checkInput(input);
        if (this.#open.size >= maxOpen) {
          throw problemError('too_many_documents', { count: maxOpen });
        }
        const documentId = uuidv7();
        const timer = setTimeout(() => this.#end(documentId), idleTimeoutMs).unref();
        this.#open.set(documentId, { input, pictures: new Map(), bytes: 0, aborting: new AbortController(), timer });
        return { documentId };
      },
      picture: ({ documentId, panelId, piece }) => {
        const open = this.#get(documentId);
        if (!open.input.panels.some(({ id, content }) => id === panelId && content.kind === 'picture')) {
          throw problemError('picture_unexpected', { panel: panelId }, { field: 'panelId' });
        }
        const bytes = Buffer.from(piece, 'base64');
        open.bytes += bytes.length;
        if (open.bytes > maxBytes) {
          this.#end(documentId);
          throw problemError('pictures_too_large', { limitBytes: maxBytes });
        }
        open.pictures.set(panelId, [...(open.pictures.get(panelId) ?? []), bytes]);
        open.timer.refresh();
      },
      finish: async ({ documentId }, signal) => {
        const open = this.#get(documentId);
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

  #get(documentId: string): Open {
    const open = this.#open.get(documentId);
    if (open === undefined) throw problemError('document_gone', {}, { field: 'documentId' });
    return open;
  }

  #end(documentId: string): void {
    const open = this.#open.get(documentId);
    if (open === undefined) return;
    clearTimeout(open.timer);
    this.#open.delete(documentId);
    open.aborting.abort(problemError('document_cancelled', {}));
  }
}

function checkInput({ from, to, timeZone }: DocumentInput): void {
  if (from >= to) {
    throw problemError('range_reversed', {}, { field: 'to' });
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw problemError('time_zone_unknown', { timeZone }, { field: 'timeZone', cause });
  }
}

function checkPng(bytes: Buffer, panelId: string): Buffer {
  if (bytes.subarray(1, 4).toString('latin1') === 'PNG') return bytes;
  throw problemError('picture_not_png', { panel: panelId }, { field: 'piece' });
}

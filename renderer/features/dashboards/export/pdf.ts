import { type DocumentInput, maxPicturePiece } from '#common/contract/console/dashboards.ts';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { paint } from './paint.ts';

interface PdfJob {
  documents: ConsoleClient['documents'];
  input: DocumentInput;
  /** The element of each panel on the page. */
  panels: ReadonlyMap<string, HTMLElement>;
  ratio: number;
  signal: AbortSignal;
  /** 0 to 1 */
  onProgress: (done: number) => void;
}

/** Has the core create a PDF: sends it each panel's picture in chunks, and receives the bytes. */
export async function makePdf({ documents, input, panels, ratio, signal, onProgress }: PdfJob): Promise<Uint8Array<ArrayBuffer>> {
  const { documentId } = await documents.begin(input, signal);
  const pictured = input.panels.filter(({ content }) => content.kind === 'picture');
  const stop = documents.onProgress((progress) => {
    if (progress.documentId === documentId) onProgress(0.5 + progress.done / 2);
  });
  try {
    for (const [number, { id }] of pictured.entries()) {
      signal.throwIfAborted();
      const element = panels.get(id);
      if (element && element.clientWidth > 0) {
        const canvas = await paint(element, ratio);
        const data = canvas.toDataURL('image/png').replace(/^[^,]*,/, '');
        for (let at = 0; at < data.length; at += maxPicturePiece) {
          await documents.picture({ documentId, panelId: id, piece: data.slice(at, at + maxPicturePiece) }, signal);
        }
      }
      onProgress((number + 1) / pictured.length / 2);
    }
    const { base64 } = await documents.finish({ documentId }, signal);
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (error) {
    await documents.giveUp({ documentId }).catch(() => undefined);
    throw error;
  } finally {
    stop();
  }
}

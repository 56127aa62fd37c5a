import { useCallback } from 'react';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { useConsole } from '#renderer/link/index.ts';
import { paint } from './paint.ts';

const size = { width: 480, height: 270 };
/** A chart needs this long after a save to be at rest, ms. */
const settleMs = 700;

/** A small WebP of the top of an element. */
async function pictureOf(element: HTMLElement): Promise<string> {
  const whole = await paint(element, 1);
  const small = document.createElement('canvas');
  Object.assign(small, size);
  const context = small.getContext('2d');
  if (!context) throw new Error('This browser draws no pictures.');
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, size.width, size.height);
  context.imageSmoothingQuality = 'high';
  const scale = size.width / whole.width;
  context.drawImage(whole, 0, 0, size.width, whole.height * scale);
  return small.toDataURL('image/webp', 0.8);
}

/** Keeps a small picture of the dashboard on screen, after it was saved. Without one the list draws its layout. */
export function useKeepThumbnail(connectionId: string): (dashboard: Dashboard) => void {
  const { dashboards } = useConsole();
  return useCallback(
    ({ code, version }) => {
      const keep = async () => {
        const element = document.querySelector<HTMLElement>('[data-board]');
        if (!element || element.clientWidth === 0) return;
        await dashboards.setThumbnail({ connectionId, code, thumbnail: { version, image: await pictureOf(element) } });
      };
      // A picture is worth no message: the next save makes another.
      setTimeout(() => void keep().catch(() => undefined), settleMs);
    },
    [dashboards, connectionId],
  );
}

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { DashboardSummary } from '#common/contract/dashboards.ts';
import { useSettings, useThumbnail } from '#renderer/domain/queries/index.ts';

interface Wanted {
  connectionId: string;
  code: string;
  theme: string;
  key: string;
  /** True if no thumbnail of this version is stored yet, so that the one drawn now is stored for others too. */
  keep: boolean;
}

/** Thumbnails drawn in this window, one after another, because each reads and draws a whole dashboard. */
class Pictures {
  readonly #made = new Map<string, string | null>();
  readonly #listeners = new Set<() => void>();
  #queue: readonly Wanted[] = [];

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  queue = (): readonly Wanted[] => this.#queue;
  /** Null if it could not be drawn; undefined if it hasn't been drawn yet. */
  made = (key: string): string | null | undefined => this.#made.get(key);

  want(wanted: Wanted): void {
    if (this.#made.has(wanted.key) || this.#queue.some(({ key }) => key === wanted.key)) return;
    this.#publish([...this.#queue, wanted]);
  }
  /** Called when a card is no longer visible. */
  leave(key: string): void {
    if (this.#queue.some((one) => one.key === key)) this.#publish(this.#queue.filter((one) => one.key !== key));
  }
  done(key: string, image: string | null): void {
    this.#made.set(key, image);
    this.#publish(this.#queue.filter((one) => one.key !== key));
  }
  #publish(queue: readonly Wanted[]): void {
    this.#queue = queue;
    for (const listener of this.#listeners) listener();
  }
}
export const pictures = new Pictures();

/**
 * Returns the thumbnail of a dashboard; undefined while there is none. Uses the stored one if it is of this version and matches the theme;
 * otherwise one is drawn while the card is visible.
 */
export function usePicture(connectionId: string, { code, version }: DashboardSummary, inSight: boolean): string | undefined {
  const theme = useTheme();
  const stored = useThumbnail(connectionId, code).data;
  const light = useIsLight(stored?.image);
  const key = `${connectionId}/${code}/${version}/${theme}`;
  const made = useSyncExternalStore(pictures.subscribe, () => pictures.made(key));
  const current = stored?.version === version;
  const known = stored === null || (stored !== undefined && light !== undefined);
  const fits = current && light === (theme === 'light');
  const wanted = inSight && known && !fits;
  useEffect(() => {
    if (!wanted) return;
    pictures.want({ connectionId, code, theme, key, keep: !current });
    return () => pictures.leave(key);
  }, [wanted, connectionId, code, theme, key, current]);
  return made ?? (known ? stored?.image : undefined);
}

function useTheme(): string {
  const { theme } = useSettings();
  return theme === 'system' ? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark') : theme;
}

/** Returns whether a thumbnail has a light background, by its first pixel; undefined until it is known. */
function useIsLight(image: string | undefined): boolean | undefined {
  const [measured, setMeasured] = useState<{ image: string; light: boolean }>();
  useEffect(() => {
    if (image === undefined) return;
    let left = false;
    const store = (light: boolean) => left || setMeasured({ image, light });
    // An unreadable image matches neither theme.
    void isLight(image).then(store, () => store(false));
    return () => {
      left = true;
    };
  }, [image]);
  return measured?.image === image ? measured?.light : undefined;
}

async function isLight(image: string): Promise<boolean> {
  const picture = new Image();
  picture.src = image;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) return false;
  context.drawImage(picture, 0, 0);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return red + green + blue > 3 * 128;
}

import { createContext, useContext, useEffect, useState } from 'react';

/** Where charts are drawn when it is not the page itself, such as paper: colours from an element of its own, at a sharpness of its own. */
export interface Surface {
  /** Carries `data-theme`; colours are read from it. */
  root: HTMLElement;
  /** Device pixels a CSS pixel. */
  ratio: number;
}

const Context = createContext<Surface | null>(null);
export const ChartSurface = Context.Provider;
export const useSurface = (): Surface | null => useContext(Context);

/** Sharpness of the surface, or of the screen, which changes when the window moves to another one. */
export function usePixelRatio(): number {
  const surface = useSurface();
  const [ratio, setRatio] = useState(devicePixelRatio);
  useEffect(() => {
    const query = matchMedia(`(resolution: ${ratio}dppx)`);
    const changed = () => setRatio(devicePixelRatio);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [ratio]);
  return surface?.ratio ?? ratio;
}

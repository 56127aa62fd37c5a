import { createContext, useContext, useEffect, useState } from 'react';

/** A target for charts other than the page itself, such as paper, with its own colours and pixel ratio. */
export interface Surface {
  /** Carries `data-theme`; colours are read from it. */
  root: HTMLElement;
  /** Device pixels per CSS pixel. */
  ratio: number;
}

const Context = createContext<Surface | null>(null);
export const ChartSurface = Context.Provider;
export const useSurface = (): Surface | null => useContext(Context);

/** Returns the pixel ratio of the surface, or of the screen, which changes when the window moves to another one. */
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

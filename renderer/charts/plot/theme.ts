import { replaceEqualDeep } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Severity } from '#common/contract/primitives.ts';
import { severityVariable } from '#renderer/domain/severity.tsx';
import { useSurface } from './surface.ts';

/** The page's style for a canvas, which can't read CSS variables by itself. */
export interface ChartTheme {
  foreground: string;
  muted: string;
  faint: string;
  border: string;
  surface: string;
  attention: string;
  danger: string;
  accent: string;
  series: string[];
  severity: Record<Severity, string>;
  font: string;
  /** Size of one rem, px. */
  rem: number;
}

const paletteSize = 8;

function readTheme(root: HTMLElement): ChartTheme {
  const style = getComputedStyle(root);
  const variable = (name: string) => style.getPropertyValue(name).trim();
  return {
    foreground: variable('--foreground'),
    muted: variable('--muted'),
    faint: variable('--faint'),
    border: variable('--border'),
    surface: variable('--surface'),
    attention: variable('--attention'),
    danger: variable('--danger'),
    accent: variable('--accent'),
    series: Array.from({ length: paletteSize }, (_, i) => variable(`--series-${i + 1}`)),
    severity: {
      INFO: variable(severityVariable('INFO')),
      WARNING: variable(severityVariable('WARNING')),
      HIGH: variable(severityVariable('HIGH')),
      CRITICAL: variable(severityVariable('CRITICAL')),
    },
    font: getComputedStyle(document.body).fontFamily,
    rem: Number.parseFloat(style.fontSize),
  };
}

/** Returns the current theme; read again when theme, palette, contrast or font size change. */
export function useChartTheme(): ChartTheme {
  const surface = useSurface();
  const root = surface?.root ?? document.documentElement;
  const [theme, setTheme] = useState(() => readTheme(root));
  useEffect(() => {
    const read = () => setTheme((before) => replaceEqualDeep(before, readTheme(root)));
    read();
    const attributes = new MutationObserver(read);
    attributes.observe(root, { attributes: true });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', read);
    addEventListener('resize', read);
    return () => {
      attributes.disconnect();
      dark.removeEventListener('change', read);
      removeEventListener('resize', read);
    };
  }, [root]);
  return theme;
}

/** Returns the CSS colour of a line by its index. Beyond the palette colours repeat, dashed. */
export const seriesVariable = (place: number): string => `var(--series-${(place % paletteSize) + 1})`;
export const isDashed = (place: number): boolean => place >= paletteSize;

import { Direction } from 'radix-ui';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useSettings } from '#renderer/domain/queries/index.ts';
import { PreferencesProvider } from '#renderer/ui/preferences.tsx';

const light = matchMedia('(prefers-color-scheme: light)');

/** Puts the person's settings on the document, where the styles read them, and keeps them for the next first paint. */
export function Appearance({ children }: { children: ReactNode }) {
  const { theme, palette, density, language, clock } = useSettings();
  const direction = language === 'ar' ? 'rtl' : 'ltr';
  useEffect(() => {
    const root = document.documentElement;
    const apply = () => {
      root.dataset['theme'] = theme === 'system' ? (light.matches ? 'light' : 'dark') : theme;
    };
    apply();
    Object.assign(root.dataset, { palette, density });
    root.lang = language;
    root.dir = direction;
    localStorage.setItem('appearance', JSON.stringify({ theme, palette, density, language }));
    light.addEventListener('change', apply);
    return () => light.removeEventListener('change', apply);
  }, [theme, palette, density, language, direction]);
  const preferences = useMemo(() => ({ language, clock }), [language, clock]);
  return (
    <Direction.Provider dir={direction}>
      <PreferencesProvider value={preferences}>{children}</PreferencesProvider>
    </Direction.Provider>
  );
}

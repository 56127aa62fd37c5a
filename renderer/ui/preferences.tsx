import { createContext, type ReactNode, useContext } from 'react';
import type { Language } from '#common/format.ts';

/** The settings that labels, numbers and times depend on. */
export interface Preferences {
  language: Language;
  clock: 'local' | 'utc';
}

const Context = createContext<Preferences>({ language: 'en', clock: 'local' });

export function PreferencesProvider({ value, children }: { value: Preferences; children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): Preferences {
  return useContext(Context);
}

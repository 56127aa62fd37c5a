import type { Language } from './fill.ts';

/** The name of the connection to the backend that the console launches. It is stored in English. */
export const ownBackendName: Record<Language, string> = { en: 'This computer', ar: 'هذا الحاسوب' };

/** Returns the display name of a connection: the console's own default name is translated, names given by people are not. */
export function describeConnection(name: string, language: Language): string {
  return name === ownBackendName.en ? ownBackendName[language] : name;
}

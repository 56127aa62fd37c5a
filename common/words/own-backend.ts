import type { Language } from './fill.ts';

/** The name of the connection to the backend that the console launches. It is stored in English. */
export const ownBackendName: Record<Language, string> = { en: 'This computer', ar: 'هذا الحاسوب' };

/** The name of a connection as a person reads it: the one that the console gave is translated, others are what people called them. */
export function describeConnection(name: string, language: Language): string {
  return name === ownBackendName.en ? ownBackendName[language] : name;
}

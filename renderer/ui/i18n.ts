import { useMemo } from 'react';
import type { Language } from '#common/format.ts';
import { formatNumber } from '#common/format.ts';
import type { Params } from '#common/words/fill.ts';
import { usePreferences } from './preferences.tsx';

/** A text with `{name}` placeholders, or one form for each plural category of its `count`. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Catalog = Record<string, Message>;
export interface Messages<K extends string> {
  en: Record<K, Message>;
  ar: Record<K, Message>;
}
export type Translate<K extends string> = (key: K, params?: Params) => string;

/** Every catalogue of the application, for the test that compares the languages. */
export const allMessages: Messages<string>[] = [];

/** Declares the texts of one part of the console in every language. A key that is missing in one of them does not compile. */
export function defineMessages<const En extends Catalog>(en: En, ar: Record<keyof En & string, Message>): Messages<keyof En & string> {
  const messages = { en, ar } as Messages<keyof En & string>;
  allMessages.push(messages);
  return messages;
}

/** Arabic uses Latin digits here, so that figures align and read the same on every wall. */
export const locales: Record<Language, string> = { en: 'en-GB', ar: 'ar-u-nu-latn' };

const plurals: Record<Language, Intl.PluralRules> = { en: new Intl.PluralRules('en'), ar: new Intl.PluralRules('ar') };

/** Fills the placeholders of a message. One without a value stays visible as `{name}`, so that the mistake is noticed. */
export function formatMessage(message: Message, language: Language, params: Params = {}): string {
  const text = typeof message === 'string' ? message : (message[plurals[language].select(Number(params['count'] ?? 0))] ?? message.other);
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name];
    if (value === undefined) return hole;
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}

/** Returns the translate function of one catalogue, in the person's language. */
export function useText<K extends string>(messages: Messages<K>): Translate<K> {
  const { language } = usePreferences();
  return useMemo(() => (key, params) => formatMessage(messages[language][key], language, params), [messages, language]);
}

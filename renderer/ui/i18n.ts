import { useMemo } from 'react';
import type { Language } from '#common/format.ts';
import { formatNumber } from '#common/format.ts';
import type { Params } from '#common/words/fill.ts';
import { usePreferences } from './preferences.tsx';

/** A text with `{name}` holes, or one form for each plural category of its `count`. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Catalog = Record<string, Message>;
export interface Messages<K extends string> {
  en: Record<K, Message>;
  ar: Record<K, Message>;
}
export type Translate<K extends string> = (key: K, params?: Params) => string;

/** Every catalog of the application, for the test that compares the languages. */
export const allMessages: Messages<string>[] = [];

/**
 * Declares the words of one part of the console in every language. A key that is missing in one of them does not compile.
 */
export function defineMessages<const En extends Catalog>(en: En, ar: Record<keyof En & string, Message>): Messages<keyof En & string> {
  const messages = { en, ar } as Messages<keyof En & string>;
  allMessages.push(messages);
  return messages;
}

/** Arabic is written with Latin digits here, so that figures line up and read the same on every wall. */
export const locales: Record<Language, string> = { en: 'en-GB', ar: 'ar-u-nu-latn' };

const plurals: Record<Language, Intl.PluralRules> = { en: new Intl.PluralRules('en'), ar: new Intl.PluralRules('ar') };

/** Fills a message. A hole without a value stays visible as `{name}`: a gap is better seen than guessed. */
export function formatMessage(message: Message, language: Language, params: Params = {}): string {
  const text = typeof message === 'string' ? message : (message[plurals[language].select(Number(params['count'] ?? 0))] ?? message.other);
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name];
    if (value === undefined) return hole;
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}

/** The translate function of one part, in the person's language. */
export function useText<K extends string>(messages: Messages<K>): Translate<K> {
  const { language } = usePreferences();
  return useMemo(() => (key, params) => formatMessage(messages[language][key], language, params), [messages, language]);
}

import type { NotCarried } from '#common/contract/dashboards.ts';
import { lossWords } from '#common/dashboards/losses.ts';
import type { Language } from '#common/format.ts';
import type { Params } from '#common/words/fill.ts';
import { formatMessage } from '#renderer/ui/i18n.ts';
import { lossMessages, places } from './words.ts';

/** Describes a loss in the person's language; in English if a newer backend sends an unknown reason. */
export function lossText(loss: NotCarried, language: Language): { where: string; what: string; why: string } {
  const where = loss.scope === 'panel' ? loss.where : places[language][loss.scope];
  if (!Object.hasOwn(lossWords, loss.code)) return { where: String(where), what: loss.what, why: loss.why };
  const code = loss.code as keyof typeof lossWords;
  const { part } = loss.params;
  const params: Params =
    typeof part === 'string' && Object.hasOwn(places.en, part)
      ? { ...loss.params, part: String(places[language][part as keyof typeof places.en]) }
      : loss.params;
  return {
    where: String(where),
    what: formatMessage(lossMessages[language][`${code}_what`], language, params),
    why: formatMessage(lossMessages[language][`${code}_why`], language, params),
  };
}

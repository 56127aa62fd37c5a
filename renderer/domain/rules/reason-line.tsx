import type { Reason } from '#common/contract/rules.ts';
import { describeReason } from '#common/words/reasons.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { words } from './words.ts';

/** One reason of an evaluation in words, with the number of points that it is based on. */
export function ReasonLine({ reason }: { reason: Reason }) {
  const t = useText(words);
  const { language } = usePreferences();
  const text = describeReason(reason, language);
  if (reason.damaged) return <StatusSymbol status="damaged" label={text} className="whitespace-normal" />;
  return (
    <p dir="auto" className="text-pretty">
      {text} <span className="text-faint text-sm">{t('points', { count: reason.points })}</span>
    </p>
  );
}

import { Button } from '#renderer/ui/button.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { describeError } from '#renderer/ui/states.tsx';
import { widerBucket } from './question.ts';
import { words } from './words.ts';

interface RemedyProps {
  problem: unknown;
  lengthMs: number;
  bucketMs: number;
  onWiden: (bucketMs: number) => void;
}

/** Explains that a query is too large, with the backend's estimate, and offers a bucket that makes it small enough. */
export function Remedy({ problem, lengthMs, bucketMs, onWiden }: RemedyProps) {
  const t = useText(words);
  const { language } = usePreferences();
  if (problem === undefined || describeError(problem).code !== 'query_too_large') return null;
  const wider = widerBucket(lengthMs, bucketMs);
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 rounded-md border border-attention px-3 py-2">
      <span className="min-w-0 flex-1 text-sm">{t('tooMuch')}</span>
      <Button size="sm" variant="primary" onClick={() => onWiden(wider)}>
        {t('widen', { bucket: formatSetDuration(wider, language) })}
      </Button>
    </div>
  );
}

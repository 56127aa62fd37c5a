import { Link } from '@tanstack/react-router';
import { useConnection } from '#renderer/domain/address.ts';
import { places } from '#renderer/domain/places.ts';
import { useLoaders } from '#renderer/domain/queries/index.ts';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Progress } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { messages } from './messages.ts';
import { Section } from './section.tsx';

/** The overall progress of loading history. Renders nothing once all loaders have finished; each has its own bar on the Loaders screen. */
export function HistoryProgress() {
  const t = useText(messages);
  const { language } = usePreferences();
  const { connection } = useConnection();
  const withHistory = useLoaders(connection?.id).data?.value.filter((loader) => loader.historyMs > 0) ?? [];
  const wanted = withHistory.reduce((sum, loader) => sum + loader.historyMs, 0);
  const done = withHistory.reduce((sum, loader) => sum + loader.historyMs * loader.historyProgress, 0);
  const share = wanted === 0 ? 1 : done / wanted;
  if (share >= 1) return null;
  const longest = Math.max(...withHistory.map((loader) => loader.historyMs));
  return (
    <Section title={t('history')}>
      <Link {...places.loaders()} className="block hover:text-foreground">
        <span className="flex justify-between gap-2 text-sm">
          <span className="text-muted">
            {t('historyLoaders', { count: withHistory.filter((loader) => loader.historyProgress < 1).length })}
          </span>
          <span className="whitespace-nowrap text-faint">
            {t('historyOf', { done: Math.floor(share * 100), length: formatSetDuration(longest, language) })}
          </span>
        </span>
        <Progress value={share} label={t('history')} className="mt-1" />
      </Link>
    </Section>
  );
}

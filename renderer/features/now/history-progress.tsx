import { useLoaders } from '#renderer/link/index.ts';
import { useConnection } from '#renderer/ui/address.ts';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Progress } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { messages } from './messages.ts';
import { Section } from './section.tsx';

/** How far each loader has come with its past; gone once all have it. */
export function HistoryProgress() {
  const t = useText(messages);
  const { language } = usePreferences();
  const { connection } = useConnection();
  const loading = useLoaders(connection?.id).data?.value.filter((loader) => loader.historyMs > 0 && loader.historyProgress < 1) ?? [];
  if (loading.length === 0) return null;
  return (
    <Section title={t('history')}>
      <ul className="flex flex-col gap-2">
        {loading.map((loader) => (
          <li key={loader.code}>
            <span className="flex justify-between gap-2 text-sm">
              <span className="truncate">{loader.name}</span>
              <span className="whitespace-nowrap text-faint">
                {t('historyOf', { done: Math.floor(loader.historyProgress * 100), length: formatDuration(loader.historyMs, language) })}
              </span>
            </span>
            <Progress value={loader.historyProgress} label={`${t('history')}: ${loader.name}`} className="mt-1" />
          </li>
        ))}
      </ul>
    </Section>
  );
}

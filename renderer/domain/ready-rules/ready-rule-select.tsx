import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { readyRuleName } from './ready-rule-name.ts';
import { words } from './words.ts';

interface ReadyRuleSelectProps {
  /** How many rows of the list come from each ready rule, by its code. */
  counts: ReadonlyMap<string, number>;
  /** The chosen code; undefined for all. */
  template: string | undefined;
  choose: (template: string | undefined) => void;
  className: string;
}

/** Narrows a list to what comes from one ready rule. Renders nothing while there are none. */
export function ReadyRuleSelect({ counts, template, choose, className }: ReadyRuleSelectProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const all = new Map([...(template === undefined ? [] : [[template, 0] as const]), ...counts]);
  if (all.size === 0) return null;
  const named = [...all]
    .map(([code, count]) => ({ code, count, name: readyRuleName(code, language) }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name, language));
  return (
    <Select
      aria-label={t('readyRule')}
      className={className}
      value={template ?? ''}
      onChange={({ target: { value } }) => choose(value === '' ? undefined : value)}
    >
      <option value="">{t('anyReadyRule')}</option>
      {named.map(({ code, count, name }) => (
        <option key={code} value={code}>
          {t('readyRuleCount', { name, count })}
        </option>
      ))}
    </Select>
  );
}

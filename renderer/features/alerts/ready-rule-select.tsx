import { readyRuleName } from '#renderer/domain/ready-rules/ready-rule-name.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import type { AlertsAddress, AlertsChange } from './views.ts';
import { words } from './words.ts';

interface ReadyRuleSelectProps {
  /** The number of alerts in the view for each ready rule. */
  counts: ReadonlyMap<string, number>;
  template: AlertsAddress['template'];
  set: (change: AlertsChange) => void;
}

/** Narrows the list to the alerts of all rules made from one ready rule. Renders nothing while there are none. */
export function ReadyRuleSelect({ counts, template, set }: ReadyRuleSelectProps) {
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
      className="w-auto shrink-0 whitespace-nowrap"
      value={template ?? ''}
      onChange={({ target: { value } }) => set({ template: value === '' ? undefined : value })}
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

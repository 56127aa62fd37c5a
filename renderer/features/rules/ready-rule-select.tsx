import { readyRuleName } from '#renderer/domain/ready-rules/ready-rule-name.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import type { RuleRow, RulesAddress, RulesChange } from './rule-list.ts';
import { words } from './words.ts';

interface ReadyRuleSelectProps {
  all: readonly RuleRow[];
  template: RulesAddress['template'];
  set: (change: RulesChange) => void;
  className: string;
}

/** Narrows the list to the rules made from one ready rule. Renders nothing while no rule was. */
export function ReadyRuleSelect({ all, template, set, className }: ReadyRuleSelectProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const codes = [...new Set([...all.flatMap(({ rule }) => rule.templateCode ?? []), ...(template === undefined ? [] : [template])])];
  if (codes.length === 0) return null;
  const named = codes.map((code) => ({ code, name: readyRuleName(code, language) })).sort((a, b) => a.name.localeCompare(b.name, language));
  return (
    <Select
      aria-label={t('readyRule')}
      className={className}
      value={template ?? ''}
      onChange={({ target: { value } }) => set({ template: value === '' ? undefined : value })}
    >
      <option value="">{t('anyReadyRule')}</option>
      {named.map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </Select>
  );
}

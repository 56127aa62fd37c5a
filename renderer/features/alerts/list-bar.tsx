import { Download, X } from 'lucide-react';
import type { Ref } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { severities } from '#common/contract/primitives.ts';
import { ReadyRuleSelect } from '#renderer/domain/ready-rules/ready-rule-select.tsx';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { words as common } from '#renderer/domain/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select } from '#renderer/ui/input.tsx';
import { Kbd } from '#renderer/ui/parts.tsx';
import type { TargetActions } from './use-target-actions.ts';
import { type AlertsAddress, type AlertsChange, worst } from './views.ts';
import { words } from './words.ts';

interface FilterBarProps {
  address: AlertsAddress;
  set: (change: AlertsChange) => void;
  filter: Ref<HTMLInputElement>;
  /** The number of alerts in the view for each ready rule. */
  readyRules: ReadonlyMap<string, number>;
  onExport: () => void;
}

export function FilterBar({ address, set, filter, readyRules, onExport }: FilterBarProps) {
  const t = useText(words);
  const c = useText(common);
  return (
    <div className="flex items-center gap-2 border-b p-2">
      <Input
        ref={filter}
        type="search"
        value={address.q}
        placeholder={t('filter')}
        aria-label={t('filter')}
        onChange={(event) => set({ q: event.target.value === '' ? undefined : event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <Select
        aria-label={t('severity')}
        className="w-auto shrink-0 whitespace-nowrap"
        value={address.severity ?? ''}
        onChange={(event) => set({ severity: severities.find((one) => one === event.target.value) })}
      >
        <option value="">{t('anySeverity')}</option>
        {[...severities].reverse().map((one) => (
          <option key={one} value={one}>
            {c(one)}
          </option>
        ))}
      </Select>
      <ReadyRuleSelect
        counts={readyRules}
        template={address.template}
        choose={(template) => set({ template })}
        className="w-auto shrink-0 whitespace-nowrap"
      />
      <Button variant="ghost" size="icon" aria-label={t('csv')} tooltip={t('csv')} onClick={onExport}>
        <Download className="size-4" />
      </Button>
    </div>
  );
}

interface SelectionBarProps {
  count: number;
  actions: TargetActions;
  onClear: () => void;
}

/** Actions for ticked rows. They replace the filter, so that nothing moves. Actions that would change none of the rows aren't offered. */
export function SelectionBar({ count, actions, onClear }: SelectionBarProps) {
  const t = useText(words);
  const { denied, changes } = actions;
  return (
    <div className="flex items-center gap-2 overflow-hidden border-b bg-selected p-2">
      <span className="whitespace-nowrap ps-2 font-medium">{t('selected', { count })}</span>
      {changes.acknowledge > 0 && (
        <Button variant="primary" disabledReason={denied} onClick={actions.acknowledge}>
          {t('acknowledgeMany', { count: changes.acknowledge })}
        </Button>
      )}
      {changes.snooze > 0 && (
        <Button disabledReason={denied} onClick={actions.snooze}>
          {t('snoozeMany', { count: changes.snooze })}
        </Button>
      )}
      {changes.snooze > 0 && (
        <Button disabledReason={actions.silenceDenied} onClick={actions.silence}>
          {t('silence')}
        </Button>
      )}
      {changes.release > 0 && (
        <Button variant="ghost" disabledReason={denied} onClick={actions.release}>
          {t('releaseMany', { count: changes.release })}
        </Button>
      )}
      <Button
        variant="ghost"
        size="icon"
        className="ms-auto"
        aria-label={t('clearSelection')}
        tooltip={t('clearSelection')}
        onClick={onClear}
      >
        <X className="size-4" />
      </Button>
    </div>
  );
}

/** Offers to show alerts that arrived while the list was held. */
export function NewBar({ waiting, onShow }: { waiting: readonly FeedAlert[]; onShow: () => void }) {
  const t = useText(words);
  const severity = worst(waiting);
  if (severity === null) return null;
  return (
    <button
      type="button"
      onClick={onShow}
      // Covers the head of the table, so that nothing below it moves.
      className="absolute inset-x-0 top-0.5 z-10 mx-auto flex h-7 w-fit items-center gap-2 rounded-full border border-border-strong bg-raised px-3 font-medium hover:bg-hover"
    >
      <SeveritySymbol severity={severity} bare />
      {t('newOnes', { count: waiting.length })}
      <Kbd keys="." />
      <span className="sr-only">{t('showNew')}</span>
    </button>
  );
}

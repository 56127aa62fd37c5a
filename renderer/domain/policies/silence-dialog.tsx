import { type FormEvent, useId, useMemo, useState } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { AlertMatcher } from '#common/contract/policies.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { formatSetDuration, formatZone } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Exact, useNow } from '#renderer/ui/time.tsx';
import { Segmented } from '#renderer/ui/toggles.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { alertSeries, byUrgency } from '../alerts.ts';
import { useAlerts } from '../queries/index.ts';
import { SeveritySymbol } from '../severity.tsx';
import { MatchersField } from './matchers-field.tsx';
import {
  durations,
  endOf,
  findSilenceProblems,
  isSound,
  matchersOf,
  type SilenceDraft,
  type SilenceProblems,
  selectedBy,
} from './silence-draft.ts';
import { silenceWords } from './silence-words.ts';
import { useCreateSilence } from './use-silence-actions.ts';

/** Firing alerts that the preview names. */
const maxNamed = 6;
const noAlerts: readonly FeedAlert[] = [];

interface SilenceDialogProps {
  connectionId: string;
  /** The alerts that the matchers select at first. */
  alerts: readonly FeedAlert[];
  onClose: () => void;
}

/** Asks which alerts to silence, for how long and why, and shows which firing alerts that concerns. */
export function SilenceDialog({ connectionId, alerts, onClose }: SilenceDialogProps) {
  const t = useText(silenceWords);
  const words = useText(common);
  const { clock } = usePreferences();
  const create = useCreateSilence();
  const form = useId();
  const now = useNow();
  const [draft, setDraft] = useState<SilenceDraft>(() => ({
    matchers: matchersOf(alerts),
    duration: durations[0] ?? '',
    until: '',
    reason: '',
  }));
  const [tried, setTried] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const change = (changed: Partial<SilenceDraft>) => setDraft((before) => ({ ...before, ...changed }));
  const problems = findSilenceProblems(draft, now, clock);
  const selected = useSelected(draft.matchers, connectionId);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const endsAt = endOf(draft, Date.now(), clock);
    if (!isSound(problems) || endsAt === null || isSaving) return;
    setSaving(true);
    const { matchers, reason } = draft;
    if (await create(connectionId, { matchers, endsAt, reason: reason.trim() }, selected?.length ?? 0)) onClose();
    else setSaving(false);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      description={t('about')}
      className="w-[min(38rem,calc(100vw-2rem))]"
      footer={
        <>
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button variant="primary" type="submit" form={form}>
            {t('silence')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4 pt-2">
        <MatchersField
          matchers={draft.matchers}
          nameless={tried ? problems.names : []}
          problem={problems.matchers}
          onChange={(matchers) => change({ matchers })}
        />
        <Preview selected={selected} />
        <End draft={draft} problem={tried || draft.until !== '' ? problems.until : null} now={now} onChange={change} />
        <Field label={t('reason')} hint={t('reasonHint')} error={tried && problems.reason ? t('reasonMissing') : undefined}>
          <Input value={draft.reason} onChange={({ target }) => change({ reason: target.value })} maxLength={500} />
        </Field>
      </form>
    </Dialog>
  );
}

/** Returns the firing alerts that matchers select; null if the matchers can't be used. */
function useSelected(matchers: readonly AlertMatcher[], connectionId: string): FeedAlert[] | null {
  const alerts = useAlerts().data ?? noAlerts;
  return useMemo(() => selectedBy(matchers, alerts, connectionId), [matchers, alerts, connectionId]);
}

/** The firing alerts that the matchers select, the most urgent first. */
function Preview({ selected }: { selected: readonly FeedAlert[] | null }) {
  const t = useText(silenceWords);
  if (selected === null) return null;
  if (selected.length === 0) return <p className="text-muted text-sm">{t('matchedNone')}</p>;
  return (
    <div className="rounded-md border p-2">
      <p aria-live="polite" className="font-medium text-sm">
        {t('matched', { count: selected.length })}
      </p>
      <ul className="mt-1 flex flex-col gap-0.5 text-sm">
        {[...selected]
          .sort(byUrgency)
          .slice(0, maxNamed)
          .map((alert) => (
            <li key={alertKey(alert)} className="flex min-w-0 items-baseline gap-2">
              <SeveritySymbol severity={alert.severity} bare />
              <span className="truncate">{alert.ruleName}</span>
              <span className="truncate text-muted">{alertSeries(alert)}</span>
            </li>
          ))}
        {selected.length > maxNamed && <li className="text-faint">{t('more', { count: selected.length - maxNamed })}</li>}
      </ul>
    </div>
  );
}

const untilWords = { unreadable: 'untilUnreadable', past: 'untilPast', too_long: 'untilTooLong' } as const;

interface EndProps {
  draft: SilenceDraft;
  problem: SilenceProblems['until'];
  now: number;
  onChange: (change: Partial<SilenceDraft>) => void;
}

/** When the silence ends: after a duration, or at a time; in local time and UTC. */
function End({ draft, problem, now, onChange }: EndProps) {
  const t = useText(silenceWords);
  const { language, clock } = usePreferences();
  const end = endOf(draft, now, clock);
  const options = durations.map((value) => ({ value, label: formatSetDuration(Number(value), language) }));
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Segmented
          label={t('duration')}
          value={draft.duration}
          onChange={(duration) => onChange({ duration })}
          options={[...options, { value: 'until', label: t('untilTime') }]}
        />
        {end !== null && (
          <span className="flex items-center gap-2 text-muted text-sm">
            {t('until')} <Exact at={end} />
          </span>
        )}
      </div>
      {draft.duration === 'until' && (
        <Field
          label={t('until')}
          hint={t('untilHint', { zone: formatZone(now, clock) })}
          error={problem === null ? undefined : t(untilWords[problem])}
        >
          <Input dir="ltr" value={draft.until} onChange={({ target }) => onChange({ until: target.value })} maxLength={40} />
        </Field>
      )}
    </div>
  );
}

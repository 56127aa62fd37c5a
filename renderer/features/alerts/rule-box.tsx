import { type FormEvent, useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Rule } from '#common/contract/rules.ts';
import { describeConditions } from '#common/words/conditions.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useRules } from '#renderer/domain/queries/index.ts';
import { words as versionWords } from '#renderer/domain/versions/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { Badge, Skeleton } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { Switch } from '#renderer/ui/toggles.tsx';
import { RuleVersions } from './rule-versions.tsx';
import { useRuleEdit } from './use-rule-edit.ts';
import { words } from './words.ts';

interface RuleBoxProps {
  connection: Connection | undefined;
  connectionId: string;
  ruleCode: string;
  unit: string;
}

/** The rule of an alert: when it fires, and for operators the three fields worth changing in a hurry. */
export function RuleBox({ connection, connectionId, ruleCode, unit }: RuleBoxProps) {
  const t = useText(words);
  const { data, isPending } = useRules(connectionId);
  const rule = data?.rules.find((one) => one.code === ruleCode);
  const v = useText(versionWords);
  const [editing, setEditing] = useState(false);
  const [comparing, setComparing] = useState(false);
  const denied = usePermission(connection, 'OPERATOR', true);
  if (isPending) return <Skeleton className="h-16" />;
  if (!rule) return <p className="text-muted">{t('ruleUnknown', { code: ruleCode })}</p>;
  if (editing) return <RuleForm key={rule.version} rule={rule} connectionId={connectionId} unit={unit} onDone={() => setEditing(false)} />;
  return (
    <div className="flex items-start gap-3">
      <RuleSentence rule={rule} unit={unit} />
      <Button size="sm" variant="ghost" onClick={() => setComparing(true)}>
        {v('versions')}
      </Button>
      <Button size="sm" disabledReason={denied} onClick={() => setEditing(true)}>
        {t('edit')}
      </Button>
      {comparing && connection && <RuleVersions connection={connection} rule={rule} onClose={() => setComparing(false)} />}
    </div>
  );
}

function RuleSentence({ rule, unit }: { rule: Rule; unit: string }) {
  const t = useText(words);
  const { language } = usePreferences();
  const duration = (ms: number) => formatSetDuration(ms, language);
  return (
    <div className="min-w-0 flex-1">
      <p>
        {!rule.enabled && <Badge className="me-2">{t('disabled')}</Badge>}
        {t('condition', {
          condition: describeConditions(rule, unit, language),
          hold: rule.forMs > 0 ? t('forAtLeast', { duration: duration(rule.forMs) }) : t('atOnce'),
        })}
      </p>
      <p className="text-faint text-sm">
        {t('evaluatedEvery', { duration: duration(rule.evaluateEveryMs) })} · {t('onNoData', { policy: t(`policy_${rule.onNoData}`) })} ·{' '}
        {t('changedBy', { by: rule.updatedBy })} <Age at={rule.updatedAt} />
      </p>
    </div>
  );
}

interface RuleFormProps {
  rule: Rule;
  connectionId: string;
  unit: string;
  onDone: () => void;
}

/** Scrolls the whole form into view, because it is taller than what it replaces. */
const intoView = (form: HTMLFormElement | null) => form?.scrollIntoView({ block: 'nearest' });

function RuleForm({ rule, connectionId, unit, onDone }: RuleFormProps) {
  const t = useText(words);
  const { draft, change, wrong, failure, save } = useRuleEdit(rule, connectionId, onDone);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Error messages appear below the fields and push the buttons down.
    const form = event.currentTarget;
    if (!save()) requestAnimationFrame(() => intoView(form));
  };
  return (
    <form ref={intoView} noValidate onSubmit={submit} className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3">
        {draft.threshold !== null && (
          <Field
            label={unit === '' ? t('thresholdBare') : t('threshold', { unit })}
            error={wrong.includes('threshold') ? t('thresholdWrong') : undefined}
          >
            <Input
              inputMode="decimal"
              dir="ltr"
              autoFocus
              value={draft.threshold}
              onChange={(event) => change({ threshold: event.target.value })}
            />
          </Field>
        )}
        <Field label={t('forField')} error={wrong.includes('forSeconds') ? t('forWrong') : undefined}>
          <Input inputMode="numeric" dir="ltr" value={draft.forSeconds} onChange={(event) => change({ forSeconds: event.target.value })} />
        </Field>
      </div>
      <div className="flex items-center gap-2">
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is a button, which a label may hold */}
        <label className="flex flex-1 items-center gap-2">
          <Switch checked={draft.enabled} onCheckedChange={(enabled) => change({ enabled })} />
          {t('enabled')}
        </label>
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button variant="primary" type="submit">
          {t('save')}
        </Button>
      </div>
      {failure !== null && <ErrorState title={t('ruleFailed')} error={failure} className="p-0" />}
    </form>
  );
}

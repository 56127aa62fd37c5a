import type { FormEvent } from 'react';
import type { Rule } from '#common/contract/rules.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { Switch } from '#renderer/ui/toggles.tsx';
import { useRuleEdit } from './use-rule-edit.ts';
import { words } from './words.ts';

interface RuleFormProps {
  rule: Rule;
  connectionId: string;
  unit: string;
  onDone: () => void;
}

/** Scrolls the whole form into view, because it is taller than what it replaces. */
const intoView = (form: HTMLFormElement | null) => form?.scrollIntoView({ block: 'nearest' });

/** The fields of a rule that are worth changing in a hurry, and its owner. */
export function RuleForm({ rule, connectionId, unit, onDone }: RuleFormProps) {
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
        <Field label={t('owner')} hint={t('ownerHint')} className="col-span-2">
          <Input dir="auto" maxLength={120} value={draft.owner} onChange={(event) => change({ owner: event.target.value })} />
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

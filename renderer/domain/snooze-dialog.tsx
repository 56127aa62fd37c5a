import { type FormEvent, useId, useState } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { formatSetDuration, formatTime } from '#renderer/ui/format.ts';
import { defineMessages, useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import { Segmented } from '#renderer/ui/toggles.tsx';
import { words } from '#renderer/ui/words.ts';
import { useAlertActions } from './alert-actions.ts';

const messages = defineMessages(
  {
    title: { one: 'Snooze “{name}”', other: 'Snooze {count} alerts' },
    about: 'Stops popups and sounds until then. The alert stays in the list.',
    length: 'Duration',
    until: 'Until',
    reason: 'Reason',
    reasonHint: 'Shown to everyone next to the alert.',
    reasonMissing: 'Enter a reason, so that others know why this alert is snoozed.',
    snooze: 'Snooze',
  },
  {
    title: {
      one: 'تأجيل «{name}»',
      two: 'تأجيل تنبيهين',
      few: 'تأجيل {count} تنبيهات',
      many: 'تأجيل {count} تنبيهًا',
      other: 'تأجيل {count} تنبيه',
    },
    about: 'توقف الإشعارات المنبثقة والأصوات حتى ذلك الحين. يبقى التنبيه في القائمة.',
    length: 'المدة',
    until: 'حتى',
    reason: 'السبب',
    reasonHint: 'يظهر للجميع بجانب التنبيه.',
    reasonMissing: 'اكتب سببًا ليعرف الآخرون لماذا أُجّل هذا التنبيه.',
    snooze: 'تأجيل',
  },
);

const lengths = ['900000', '3600000', '14400000', '28800000'] as const;

/** Asks for the duration and the reason of a snooze. The reason is required. */
export function SnoozeDialog({ alerts, onClose }: { alerts: readonly FeedAlert[]; onClose: () => void }) {
  const t = useText(messages);
  const common = useText(words);
  const preferences = usePreferences();
  const actions = useAlertActions();
  const now = useNow();
  const form = useId();
  const [length, setLength] = useState<(typeof lengths)[number]>('3600000');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing) return;
    void actions.snooze(alerts, Date.now() + Number(length), reason.trim());
    onClose();
  };
  return (
    <Dialog
      open={alerts.length > 0}
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { count: alerts.length, name: alerts[0]?.ruleName ?? '' })}
      description={t('about')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button variant="primary" type="submit" form={form}>
            {t('snooze')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-4 pt-2">
        <div className="flex items-center gap-3">
          <Segmented
            label={t('length')}
            value={length}
            onChange={setLength}
            options={lengths.map((value) => ({ value, label: formatSetDuration(Number(value), preferences.language) }))}
          />
          <span className="text-muted text-sm">
            {t('until')} {formatTime(now + Number(length), preferences)}
          </span>
        </div>
        <Field label={t('reason')} hint={t('reasonHint')} error={tried && missing ? t('reasonMissing') : undefined}>
          <Input value={reason} onChange={(event) => setReason(event.target.value)} maxLength={500} autoFocus />
        </Field>
      </form>
    </Dialog>
  );
}

import type { ConnectionStep } from '#common/contract/console/connections.ts';
import { describeFinding } from '#common/words/steps.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { describeError } from '#renderer/ui/describe-error.ts';
import { formatLatency } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { messages } from '../messages.ts';

const names = {
  reach: 'stepReach',
  tls: 'stepTls',
  version: 'stepVersion',
  'sign-in': 'stepSignIn',
  permission: 'stepPermission',
  clock: 'stepClock',
} as const;
const status = { ok: 'ok', failed: 'failing', skipped: 'paused' } as const;

function StepText({ step }: { step: ConnectionStep }) {
  const { language } = usePreferences();
  const finding = describeFinding(step.reason, step.params ?? {}, language);
  const { message, hint } = finding === null ? describeError(step, language) : { message: finding };
  return (
    <>
      {message}
      {hint && <span className="block text-muted">{hint}</span>}
    </>
  );
}

/** The result of a connection test, step by step, with a fix for the one that failed. */
export function Steps({ steps }: { steps: readonly ConnectionStep[] }) {
  const t = useText(messages);
  const { language } = usePreferences();
  return (
    <ol className="mt-4 border-t" aria-live="polite">
      {steps.map((step) => (
        <li key={step.name} className="flex items-start gap-3 border-b py-2">
          <span className="mt-0.5">
            <StatusSymbol status={status[step.outcome]} bare {...(step.outcome === 'skipped' ? { label: t('skipped') } : {})} />
          </span>
          <span className="w-24 shrink-0 font-medium">{t(names[step.name])}</span>
          <span className="min-w-0 flex-1">
            <StepText step={step} />
          </span>
          <span className="text-faint text-sm">{formatLatency(step.durationMs, language)}</span>
        </li>
      ))}
    </ol>
  );
}

import { useState } from 'react';
import type { BackendPart } from '#common/contract/console/backend.ts';
import { useBackend, useConsole } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { formatDuration, formatLatency } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading, ProblemText } from '#renderer/ui/states.tsx';
import { Age, useNow } from '#renderer/ui/time.tsx';
import { toastError } from '#renderer/ui/toast.tsx';
import { messages } from '../messages.ts';
import { Log } from './log.tsx';

const status = { stopped: 'stopped', starting: 'starting', running: 'running', failed: 'failing' } as const;

function Part({ part, onLog }: { part: BackendPart; onLog: () => void }) {
  const t = useText(messages);
  const { language } = usePreferences();
  return (
    <li className="border-b py-3">
      <div className="flex items-center gap-4">
        <span className="w-40 font-medium">{t(`part_${part.name}`)}</span>
        <StatusSymbol status={status[part.state]} className="w-28" />
        <Age at={part.since} className="w-28 text-muted text-sm" />
        <span className="flex-1 text-faint text-sm">
          {part.startedInMs !== null && part.state === 'running' && t('startedIn', { time: formatLatency(part.startedInMs, language) })}
          {part.pid !== null && ` · pid ${part.pid}`}
        </span>
        <Button size="sm" variant="ghost" onClick={onLog}>
          {t('showLog')}
        </Button>
      </div>
      {part.problem ? (
        <p className="mt-1 text-danger text-sm">
          <ProblemText problem={part.problem} />
        </p>
      ) : (
        <p className="mt-1 truncate font-mono text-faint text-xs" dir="ltr">
          {part.lastLine}
        </p>
      )}
    </li>
  );
}

/** The backend processes that this console launched, with their state and last log line. One button stops and starts them. */
export function Backend() {
  const t = useText(messages);
  const { language } = usePreferences();
  const now = useNow();
  const { backend } = useConsole();
  const { data, error, refetch } = useBackend();
  const [log, setLog] = useState<BackendPart['name'] | null>(null);
  const [stopping, setStopping] = useState(false);
  if (error && !data) return <ErrorState title={t('backendFailed')} error={error} retry={() => void refetch()} className="px-0" />;
  if (!data) return <Loading className="px-0" />;
  if (!data.managed) return <Empty>{t('unmanaged')}</Empty>;
  const up = data.parts.some((part) => part.state === 'running' || part.state === 'starting');
  const reportFailure = (order: Promise<void>) => void order.catch((e: unknown) => toastError(t('backendActionFailed'), e));
  return (
    <>
      <ul className="border-t">
        {data.parts.map((part) => (
          <Part key={part.name} part={part} onLog={() => setLog(part.name)} />
        ))}
      </ul>
      <div className="mt-4 flex items-center gap-4">
        <Button variant={up ? 'default' : 'primary'} onClick={() => (up ? setStopping(true) : reportFailure(backend.start()))}>
          {t(up ? 'stop' : 'start')}
        </Button>
        {data.restartAt !== null && data.restartAt > now && (
          <span className="text-attention">{t('restartsIn', { time: formatDuration(data.restartAt - now, language) })}</span>
        )}
      </div>
      {log !== null && <Log part={log} onClose={() => setLog(null)} />}
      {stopping && (
        <Confirm
          danger
          title={t('stopTitle')}
          action={t('stop')}
          onConfirm={() => reportFailure(backend.stop())}
          onClose={() => setStopping(false)}
        >
          {t('stopAbout')}
        </Confirm>
      )}
    </>
  );
}

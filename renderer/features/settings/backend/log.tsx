import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { BackendPart } from '#common/contract/console/backend.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { messages } from '../messages.ts';

const everyMs = 2_000;

/** The last log lines of one process, updated while open. */
export function Log({ part, onClose }: { part: BackendPart['name']; onClose: () => void }) {
  const t = useText(messages);
  const { backend } = useConsole();
  const end = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['backend-log', part],
    queryFn: ({ signal }) => backend.log({ part, lines: 500 }, signal),
    refetchInterval: everyMs,
  });
  const last = data?.at(-1);
  useEffect(() => {
    if (last !== undefined) end.current?.scrollIntoView({ block: 'end' });
  }, [last]);
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('log', { part: t(`part_${part}`) })} className="w-[min(56rem,100vw)]">
      {error && !data ? (
        <ErrorState title={t('logFailed')} error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty>{t('noLog')}</Empty>
      ) : (
        <pre className="select-text whitespace-pre-wrap break-all font-mono text-muted text-xs" dir="ltr">
          {data.join('\n')}
        </pre>
      )}
      <div ref={end} />
    </Sheet>
  );
}

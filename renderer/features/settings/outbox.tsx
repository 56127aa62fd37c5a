import { useState } from 'react';
import type { OutboxItem } from '#common/contract/console/outbox.ts';
import type { Language } from '#common/format.ts';
import { describeChange } from '#common/words/notices.ts';
import { useConnections, useConsole, useOutbox } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Confirm } from '#renderer/ui/confirm.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { describeError, Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { toastError } from '#renderer/ui/toast.tsx';
import { messages } from './messages.ts';

const titleOf = ({ title, kind, alertName }: OutboxItem, language: Language): string =>
  alertName === null ? title : describeChange(kind, alertName, language);

function Item({ item, onDiscard }: { item: OutboxItem; onDiscard: () => void }) {
  const t = useText(messages);
  const { language } = usePreferences();
  const { outbox } = useConsole();
  const problem = item.problem && describeError(item.problem, language);
  const connection = useConnections().data?.find((one) => one.id === item.connectionId);
  const retry = () => void outbox.retry({ id: item.id }).catch((error: unknown) => toastError(t('actionFailed'), error));
  return (
    <li className="flex items-start gap-3 border-b py-3">
      <span className="mt-0.5">
        <StatusSymbol status={item.state === 'conflict' ? 'conflict' : 'waiting'} bare size={14} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{titleOf(item, language)}</p>
        <p className="flex flex-wrap gap-x-2 text-muted text-sm">
          <span>{connection?.name}</span>
          <Age at={item.createdAt} />
          {item.attempts > 0 && <span>{t('attempts', { count: item.attempts })}</span>}
          {item.nextTryAt !== null && (
            <span>
              {t('nextTry')} <Age at={item.nextTryAt} />
            </span>
          )}
        </p>
        {problem && (
          <p className={item.state === 'conflict' ? 'mt-1 text-danger' : 'mt-1 text-attention'}>
            {problem.message} {problem.hint}
          </p>
        )}
      </div>
      <Button size="sm" onClick={retry}>
        {t('retryChange')}
      </Button>
      <Button size="sm" variant="danger" onClick={onDiscard}>
        {t('discard')}
      </Button>
    </li>
  );
}

/** Pending and rejected changes. Rejected ones are retried or discarded by the person. */
export function Outbox() {
  const t = useText(messages);
  const { language } = usePreferences();
  const { outbox } = useConsole();
  const { data, error, refetch } = useOutbox();
  const [discarding, setDiscarding] = useState<OutboxItem | null>(null);
  if (error && !data) return <ErrorState title={t('outboxFailed')} error={error} retry={() => void refetch()} className="px-0" />;
  if (!data) return <Loading className="px-0" />;
  return (
    <>
      <p className="mb-2 text-muted">{t('outboxAbout')}</p>
      {data.length === 0 ? (
        <Empty>{t('outboxEmpty')}</Empty>
      ) : (
        <ul>
          {data.map((item) => (
            <Item key={item.id} item={item} onDiscard={() => setDiscarding(item)} />
          ))}
        </ul>
      )}
      {discarding !== null && (
        <Confirm
          danger
          title={t('discardTitle')}
          action={t('discard')}
          onClose={() => setDiscarding(null)}
          onConfirm={() => void outbox.discard({ id: discarding.id }).catch((e: unknown) => toastError(t('actionFailed'), e))}
        >
          {t('discardAbout', { title: titleOf(discarding, language) })}
        </Confirm>
      )}
    </>
  );
}

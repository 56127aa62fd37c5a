import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ConveyorStatus } from '#common/contract/conveyor.ts';
import { places } from '#renderer/domain/places.ts';
import { type Status, StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { words } from './words.ts';

const symbol: Record<ConveyorStatus['producer'], Status> = { running: 'running', stopped: 'stopped', down: 'failing' };

interface ProducerBarProps {
  status: ConveyorStatus;
  disabledReason: string | undefined;
  onSwitch: (running: boolean) => void;
}

/** The producer's state and its switch. Stopping asks for confirmation, because all belts then have no data. */
export function ProducerBar({ status, disabledReason, onSwitch }: ProducerBarProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const [asking, setAsking] = useState(false);
  const { producer } = status;
  return (
    <section className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border bg-surface px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-semibold">{t('producer')}</span>
          <StatusSymbol status={symbol[producer]} label={t(producer)} />
          {status.lastWriteAt !== null && (
            <span className="text-faint text-sm">
              {t('lastWrite', { age: '' })}
              <Age at={status.lastWriteAt} />
            </span>
          )}
        </p>
        <p className="text-muted text-sm">
          {t(`${producer}About`, { period: formatSetDuration(status.periodMs, language) })}{' '}
          {producer === 'down' && (
            <Link {...places.settings('backend')} className="text-accent underline underline-offset-2">
              {t('openSettings')}
            </Link>
          )}
        </p>
      </div>
      {producer === 'stopped' ? (
        <Button variant="primary" disabledReason={disabledReason} onClick={() => onSwitch(true)}>
          {t('startProducer')}
        </Button>
      ) : (
        <Button disabledReason={disabledReason} onClick={() => setAsking(true)}>
          {t('stopProducer')}
        </Button>
      )}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={t('stopTitle')}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{t('keepRunning')}</Button>
            <Button
              variant="danger"
              onClick={() => {
                setAsking(false);
                onSwitch(false);
              }}
            >
              {t('stopProducer')}
            </Button>
          </>
        }
      >
        <p className="text-pretty">{t('stopAbout')}</p>
      </Dialog>
    </section>
  );
}

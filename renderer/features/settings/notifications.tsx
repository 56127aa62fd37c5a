import { useState } from 'react';
import { type Severity, severities } from '#common/contract/primitives.ts';
import { askForOsNotifications, useOsNotificationState } from '#renderer/domain/os-notifications.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { playSound } from '#renderer/domain/sounds.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { words } from '#renderer/domain/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatValue } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { Switch } from '#renderer/ui/toggles.tsx';
import { messages } from './messages.ts';
import { readMinutes, writeMinutes } from './minutes.ts';
import { Row } from './row.tsx';
import { useSetting } from './use-setting.ts';

function Sound({ severity, onTest }: { severity: Severity; onTest: () => void }) {
  const t = useText(messages);
  const word = useText(words)(severity);
  const [{ sounds }, set] = useSetting();
  const sound = sounds[severity];
  const change = (more: Partial<typeof sound>) => set({ sounds: { ...sounds, [severity]: { ...sound, ...more } } });
  return (
    <Row title={<SeveritySymbol severity={severity} />}>
      <span className="flex items-center gap-2 text-muted">
        {t('sound')}
        <Switch aria-label={`${word}: ${t('sound')}`} checked={sound.enabled} onCheckedChange={(enabled) => change({ enabled })} />
      </span>
      <span className="flex items-center gap-2 text-muted">
        {t('repeat')}
        <Switch
          aria-label={`${word}: ${t('repeat')}`}
          checked={sound.repeat}
          disabled={!sound.enabled}
          onCheckedChange={(repeat) => change({ repeat })}
        />
      </span>
      <Button size="sm" aria-label={t('testSound', { severity: word })} onClick={onTest}>
        {t('test')}
      </Button>
    </Row>
  );
}

function QuietHours() {
  const t = useText(messages);
  const [{ quietHours }, set] = useSetting();
  const change = (more: Partial<typeof quietHours>) => set({ quietHours: { ...quietHours, ...more } });
  const time = (end: 'from' | 'to', label: string) => (
    <span className="flex items-center gap-2 text-muted">
      {label}
      <Input
        type="time"
        aria-label={`${t('quietHours')}: ${label}`}
        className="w-28"
        disabled={!quietHours.enabled}
        value={writeMinutes(quietHours[end])}
        onChange={(event) => {
          const minutes = readMinutes(event.target.value);
          if (minutes !== null) change({ [end]: minutes });
        }}
      />
    </span>
  );
  return (
    <Row title={t('quietHours')} hint={t('quietAbout')}>
      {time('from', t('quietFrom'))}
      {time('to', t('quietTo'))}
      <Switch aria-label={t('quietHours')} checked={quietHours.enabled} onCheckedChange={(enabled) => change({ enabled })} />
    </Row>
  );
}

/** The setting for notifications of the operating system. */
function OsNotifications() {
  const t = useText(messages);
  const state = useOsNotificationState();
  return (
    <Row title={t('osNotifications')} hint={t(`os_${state}`)}>
      {(state === 'ask' || state === 'declined') && <Button onClick={() => void askForOsNotifications()}>{t('osAllow')}</Button>}
      {state === 'allowed' && <StatusSymbol status="ok" label={t('osOn')} />}
      {(state === 'blocked' || state === 'unavailable') && <StatusSymbol status="silenced" label={t('osOff')} />}
    </Row>
  );
}

/** The settings for sounds, their volume and quiet hours. */
export function Notifications() {
  const t = useText(messages);
  const [{ volume }, set] = useSetting();
  const [blocked, setBlocked] = useState(false);
  const test = async (severity: Severity) => setBlocked(!(await playSound(severity, volume)));
  return (
    <>
      <Row title={t('volume')} hint={blocked ? <span className="text-attention">{t('soundBlocked')}</span> : undefined}>
        <input
          type="range"
          aria-label={t('volume')}
          min={0}
          max={1}
          step={0.05}
          value={volume}
          onChange={(event) => set({ volume: event.target.valueAsNumber })}
          className="w-48 accent-accent-strong"
        />
        <span className="w-10 text-end">{formatValue(Math.round(volume * 100), '%')}</span>
      </Row>
      {severities.toReversed().map((severity) => (
        <Sound key={severity} severity={severity} onTest={() => void test(severity)} />
      ))}
      <QuietHours />
      <OsNotifications />
    </>
  );
}

import { Link } from '@tanstack/react-router';
import { Link2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AlertEvent } from '#common/contract/alerts.ts';
import type { AlertDetail as Detail, FeedAlert } from '#common/contract/console/alerts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { hourMs } from '#common/time/durations.ts';
import { describeReason } from '#common/words/reasons.ts';
import { alertSeries } from '#renderer/domain/alerts.ts';
import { places } from '#renderer/domain/places.ts';
import { readyRuleName } from '#renderer/domain/ready-rules/ready-rule-name.ts';
import { words as readyRuleWords } from '#renderer/domain/ready-rules/words.ts';
import { ReasonLine } from '#renderer/domain/rules/reason-line.tsx';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { type Status, StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { useCopyLink } from '#renderer/ui/copy-link.ts';
import { formatDateTime, formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge, Kbd, ScrollArea } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Stale } from '#renderer/ui/states.tsx';
import { Age, useNow, When } from '#renderer/ui/time.tsx';
import { AlertChart } from './alert-chart.tsx';
import { ValueCell } from './cells.tsx';
import { NotificationPart } from './notification-part.tsx';
import { RuleBox } from './rule-box.tsx';
import { words } from './words.ts';

interface AlertDetailProps {
  detail: Detail;
  connection: Connection | undefined;
  /** Other alerts of the same rule, newest first. */
  similar: readonly FeedAlert[];
  disabledReason: string | undefined;
  onAcknowledge: () => void;
  onRelease: () => void;
  onSnooze: () => void;
  onEndSnooze: () => void;
  onSilence: () => void;
  silenceDenied: string | undefined;
  onClose: () => void;
}

/** One alert next to the list: what, why, since when, its owner, and what to do. */
export function AlertDetail(props: AlertDetailProps) {
  const { detail, connection, similar } = props;
  const { alert } = detail;
  const t = useText(words);
  const stale = connection?.state !== 'live';
  return (
    <article aria-label={alert.ruleName} className="flex min-h-0 flex-1 flex-col">
      <Head {...props} />
      <ScrollArea className="flex-1 px-4 pb-6">
        <Stale stale={stale} asOf={alert.asOf} className="flex flex-col gap-5 pt-3">
          <Summary annotations={alert.annotations} />
          <AlertChart alert={alert} connection={connection} />
          <Section title={t('why')}>
            {alert.reasons.length === 0 && <p className="text-muted">{t('noReason')}</p>}
            {alert.reasons.map((reason) => (
              <ReasonLine key={`${reason.kind} ${reason.text}`} reason={reason} />
            ))}
            {alert.state === 'RESOLVED' && alert.suppressed && <p className="text-muted">{t('suppressed')}</p>}
          </Section>
          {alert.state === 'FIRING' && (
            <Section title={t('notification')}>
              <NotificationPart alert={alert} />
            </Section>
          )}
          <Annotations alert={alert} />
          {alert.runbook !== '' && (
            <Section title={t('runbook')}>
              <p dir="auto" className="whitespace-pre-wrap text-pretty">
                {alert.runbook}
              </p>
            </Section>
          )}
          <Section title={t('timeline')}>
            <Timeline events={detail.events} known={detail.eventsAsOf !== null} />
          </Section>
          <Section title={t('rule')}>
            <RuleBox connection={connection} connectionId={alert.connectionId} ruleCode={alert.ruleCode} unit={alert.unit} />
            <MadeFrom alert={alert} />
          </Section>
          <Section title={t('similar')}>
            <Similar alerts={similar} />
          </Section>
        </Stale>
      </ScrollArea>
    </article>
  );
}

/** What the rule says about the alert, above everything else. */
function Summary({ annotations: { summary = '', description = '' } }: Pick<FeedAlert, 'annotations'>) {
  if (summary === '' && description === '') return null;
  return (
    <div className="flex flex-col gap-1">
      {summary !== '' && (
        <p dir="auto" className="text-pretty font-medium">
          {summary}
        </p>
      )}
      {description !== '' && (
        <p dir="auto" className="whitespace-pre-wrap text-pretty text-muted">
          {description}
        </p>
      )}
    </div>
  );
}

/** The labels that the rule added, and its other texts, by name. */
function Annotations({ alert: { ruleLabels, annotations } }: { alert: FeedAlert }) {
  const t = useText(words);
  const { summary: _summary, description: _description, ...others } = annotations;
  const entries = [...Object.entries(ruleLabels), ...Object.entries(others)].filter(([, text]) => text !== '');
  if (entries.length === 0) return null;
  return (
    <Section title={t('annotations')}>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1">
        {entries.map(([name, text]) => (
          <div key={`${name} ${text}`} className="contents">
            <dt className="font-mono text-faint text-sm">{name}</dt>
            <dd className="min-w-0 whitespace-pre-wrap break-words">
              <bdi>{text}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** The ready rule from which the alert's rule was made, with a link to the alerts of all rules made from it. */
function MadeFrom({ alert: { templateCode, state } }: { alert: FeedAlert }) {
  const t = useText(words);
  const readyRules = useText(readyRuleWords);
  const { language } = usePreferences();
  if (templateCode === undefined) return null;
  const search = { template: templateCode, ...(state === 'RESOLVED' && { view: 'history' as const }) };
  return (
    <p className="text-sm">
      <span className="text-faint">{readyRules('readyRule')}</span> <bdi>{readyRuleName(templateCode, language)}</bdi>
      {' · '}
      <Link {...places.alerts(search)} className="text-accent underline underline-offset-2">
        {t('sameReady')}
      </Link>
    </p>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="font-medium text-faint text-sm">{title}</h3>
      {children}
    </section>
  );
}

/** The alert's name, start and owner, with its buttons unless it is resolved. */
function Head(props: AlertDetailProps) {
  const { detail, onClose } = props;
  const { alert } = detail;
  const t = useText(words);
  const copyLink = useCopyLink();
  const isResolved = alert.state === 'RESOLVED';
  return (
    <header className="flex flex-col gap-2 border-b px-4 py-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3">
            <SeveritySymbol severity={alert.severity} hollow={isResolved || alert.acknowledgement !== null} />
            {isResolved ? <StatusSymbol status="resolved" /> : <ValueCell alert={alert} />}
          </div>
          <h2 className="mt-1 truncate text-xl">{alert.ruleName}</h2>
          <p className="truncate text-muted">{alertSeries(alert)}</p>
        </div>
        <Button variant="ghost" size="icon" aria-label={t('copyLink')} tooltip={t('copyLink')} onClick={copyLink}>
          <Link2 className="size-4" />
        </Button>
        <Button variant="ghost" size="icon" aria-label={t('close')} onClick={onClose}>
          <X className="size-4" />
        </Button>
      </div>
      <Since alert={alert} />
      <Handling alert={alert} />
      {!isResolved && <Actions {...props} />}
    </header>
  );
}

function Since({ alert }: { alert: FeedAlert }) {
  const t = useText(words);
  const { language } = usePreferences();
  return (
    <p className="text-muted text-sm">
      {alert.state === 'RESOLVED' && alert.resolvedAt !== null ? (
        <>
          {t('firedFor')} {formatDuration(alert.resolvedAt - alert.firedAt, language)} · <When at={alert.firedAt} style="full" />
        </>
      ) : (
        <>
          {t('firedAt')} <When at={alert.firedAt} style="full" /> · <Age at={alert.firedAt} />
        </>
      )}
    </p>
  );
}

/** The acknowledgement and the snooze, and changes that the backend hasn't confirmed yet. */
function Handling({ alert: { acknowledgement, snooze, waiting } }: { alert: FeedAlert }) {
  const t = useText(words);
  const preferences = usePreferences();
  return (
    <>
      {acknowledgement && (
        <p className="text-sm">
          <StatusSymbol status="acknowledged" label={t('ackBy', { by: acknowledgement.by })} />{' '}
          <Age at={acknowledgement.at} className="text-faint" />
          {acknowledgement.note !== '' && <span className="text-muted"> · {acknowledgement.note}</span>}
        </p>
      )}
      {snooze && (
        <p className="text-sm">
          <StatusSymbol
            status="snoozed"
            className="whitespace-normal"
            label={t('snoozedUntil', { by: snooze.by, until: formatDateTime(snooze.until, preferences), reason: snooze.reason })}
          />
        </p>
      )}
      {waiting.length > 0 && (
        <p>
          <Badge tone="attention">
            <StatusSymbol status="waiting" label={t('waiting', { count: waiting.length })} />
          </Badge>
        </p>
      )}
    </>
  );
}

function Actions(props: AlertDetailProps) {
  const { detail, disabledReason, onAcknowledge, onRelease, onSnooze, onEndSnooze, onSilence, silenceDenied } = props;
  const { alert } = detail;
  const t = useText(words);
  return (
    <div className="flex flex-wrap gap-2">
      {alert.acknowledgement ? (
        <Button disabledReason={disabledReason} onClick={onRelease}>
          {t('release')} <Kbd keys="u" />
        </Button>
      ) : (
        <Button variant="primary" disabledReason={disabledReason} onClick={onAcknowledge}>
          {t('acknowledge')} <Kbd keys="a" className="[&>span]:border-current [&>span]:text-current" />
        </Button>
      )}
      {alert.snooze ? (
        <Button disabledReason={disabledReason} onClick={onEndSnooze}>
          {t('endSnooze')}
        </Button>
      ) : (
        <Button disabledReason={disabledReason} onClick={onSnooze}>
          {t('snooze')} <Kbd keys="s" />
        </Button>
      )}
      <Button disabledReason={disabledReason ?? silenceDenied} onClick={onSilence}>
        {t('silence')} <Kbd keys="q" />
      </Button>
    </div>
  );
}

const eventStatus: Record<AlertEvent['kind'], Status> = {
  fired: 'firing',
  resolved: 'resolved',
  acknowledged: 'acknowledged',
  unacknowledged: 'pending',
  snoozed: 'snoozed',
  unsnoozed: 'pending',
  updated: 'firing',
};

/** An older time is shown with its date, because the time of day alone would mislead, ms. */
const sameDayMs = 12 * hourMs;

function Timeline({ events, known }: { events: readonly AlertEvent[]; known: boolean }) {
  const t = useText(words);
  const { language } = usePreferences();
  const now = useNow();
  if (!known && events.length === 0) return <p className="text-muted">{t('timelineUnknown')}</p>;
  return (
    <ol className="flex flex-col gap-1">
      {[...events]
        .sort((a, b) => b.at - a.at)
        .map((event) => (
          <li key={event.id} className="grid grid-cols-[max-content_1fr] items-baseline gap-3">
            <When at={event.at} style={now - event.at < sameDayMs ? 'time' : 'full'} className="text-faint text-sm" />
            <span className="min-w-0">
              <StatusSymbol status={eventStatus[event.kind]} label={<span className="text-foreground">{t(`event_${event.kind}`)}</span>} />
              {event.by !== null && <span className="text-muted"> {t('by', { by: event.by })}</span>}
              {event.note !== '' && (
                <span dir="auto" className="block text-muted text-sm">
                  {describeReason({ text: event.note, details: event.details }, language)}
                </span>
              )}
            </span>
          </li>
        ))}
    </ol>
  );
}

function Similar({ alerts }: { alerts: readonly FeedAlert[] }) {
  const t = useText(words);
  const { language } = usePreferences();
  if (alerts.length === 0) return <p className="text-muted">{t('noSimilar')}</p>;
  return (
    <ul className="flex flex-col">
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Link {...places.alert(alert.connectionId, alert.id)} className="flex h-7 items-center gap-3 rounded-md px-2 hover:bg-hover">
            <SeveritySymbol severity={alert.severity} bare hollow={alert.state === 'RESOLVED'} />
            <span className="min-w-0 flex-1 truncate">{alertSeries(alert) || alert.ruleName}</span>
            <span className="text-faint text-sm">
              {alert.resolvedAt === null ? null : t('lasted', { duration: formatDuration(alert.resolvedAt - alert.firedAt, language) })}
            </span>
            <Age at={alert.firedAt} className="w-20 text-end text-muted text-sm" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

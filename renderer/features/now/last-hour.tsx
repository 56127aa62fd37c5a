import { Link } from '@tanstack/react-router';
import { memo, type ReactNode, useMemo, useRef } from 'react';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Loader } from '#common/contract/loaders.ts';
import { hourMs } from '#common/time/durations.ts';
import { useConnection } from '#renderer/domain/address.ts';
import { shortCount } from '#renderer/domain/alerts.ts';
import { places } from '#renderer/domain/places.ts';
import { useAlerts, useLoaders } from '#renderer/domain/queries/index.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { formatTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Loading } from '#renderer/ui/states.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { useWidth } from '#renderer/ui/use-width.ts';
import { type LastHourMark, lanes, lastHourMarks } from './last-hour-marks.ts';
import { messages } from './messages.ts';
import { Section } from './section.tsx';

const symbols = { acknowledged: 'acknowledged', resolved: 'resolved', loadersLane: 'failing' } as const;
/** Width of a mark, px. Events that are closer together share one. */
const markPx = 20;
/** The timeline advances in steps of this length, ms, which is less than a pixel on most screens. */
const moveEveryMs = 5_000;
/** Labels on the axis are at whole tens of minutes. */
const tickMs = 600_000;

function MarkSymbol({ mark }: { mark: LastHourMark }) {
  const symbol =
    mark.lane === 'fired' ? (
      <SeveritySymbol severity={mark.severity ?? 'INFO'} bare />
    ) : (
      <StatusSymbol status={symbols[mark.lane]} bare size={13} />
    );
  if (mark.count === 1) return symbol;
  return (
    <span className="flex flex-col items-center leading-none">
      {symbol}
      <span aria-hidden="true" className="mt-px text-[0.625rem] text-muted">
        {shortCount(mark.count)}
      </span>
    </span>
  );
}

/** Links to the event of a mark; for many events, to the Alerts screen. */
function MarkLink({ mark, at, children }: { mark: LastHourMark; at: number; children: ReactNode }) {
  const t = useText(messages);
  const preferences = usePreferences();
  const time = (moment: number) => formatTime(moment, preferences, true);
  const when = mark.to - mark.at < 1_000 ? time(mark.at) : `${time(mark.at)}–${time(mark.to)}`;
  const what = mark.count === 1 ? mark.label : `${mark.label} ${t('andMore', { count: mark.count - 1 })}`;
  const place = {
    className: 'absolute grid size-5 -translate-x-1/2 place-content-center rounded-sm hover:bg-selected',
    style: { left: `${at * 100}%` },
  };
  const content = (
    <>
      {children}
      <span className="sr-only">{`${what}, ${when}`}</span>
    </>
  );
  return (
    <Tooltip content={`${when} · ${what}`}>
      {mark.target.kind === 'loader' ? (
        <Link {...places.loaders({ loader: mark.target.code })} {...place}>
          {content}
        </Link>
      ) : mark.count > 1 ? (
        <Link {...places.alerts(mark.lane === 'resolved' ? { view: 'history' } : {})} {...place}>
          {content}
        </Link>
      ) : (
        <Link {...places.alert(mark.target.connectionId, mark.target.id)} {...place}>
          {content}
        </Link>
      )}
    </Tooltip>
  );
}

const none: readonly never[] = [];

/** A timeline of the last hour: alerts fired, acknowledged and resolved, and loaders that failed. Like every time axis it never mirrors. */
export function LastHour() {
  const t = useText(messages);
  const now = Math.floor(useNow() / moveEveryMs) * moveEveryMs + moveEveryMs;
  const { connection } = useConnection();
  const alerts = useAlerts();
  const loaders = useLoaders(connection?.id);
  const known = alerts.data !== undefined && loaders.data !== undefined;
  return (
    <Section title={t('lastHour')}>
      {known || alerts.error || loaders.error ? (
        <Lanes alerts={alerts.data ?? none} loaders={loaders.data?.value ?? none} known={known} now={now} />
      ) : (
        <Loading rows={1} className="px-0" />
      )}
    </Section>
  );
}

interface LanesProps {
  alerts: readonly FeedAlert[];
  loaders: readonly Loader[];
  /** False if alerts or loaders could not be loaded: then an empty hour means nothing. */
  known: boolean;
  now: number;
}

const Lanes = memo(function Lanes({ alerts, loaders, known, now }: LanesProps) {
  const t = useText(messages);
  const preferences = usePreferences();
  const axis = useRef<HTMLDivElement>(null);
  const width = useWidth(axis);
  const from = now - hourMs;
  const stepMs = (hourMs * markPx) / Math.max(width, markPx);
  const marks = useMemo(() => lastHourMarks(alerts, loaders, now, stepMs), [alerts, loaders, now, stepMs]);
  const used = lanes.filter((lane) => marks.some((mark) => mark.lane === lane));
  const firstTick = Math.ceil(from / tickMs) * tickMs;
  // A time of day takes about 40 px. Where the line is short, every second label is enough.
  const tickStep = width < 400 ? 2 : 1;
  const ticks = Array.from({ length: 6 / tickStep }, (_, tick) => firstTick + tick * tickStep * tickMs);
  return (
    <>
      {(used.length === 0 || !known) && <p className="text-muted">{t(known ? 'quietHour' : 'hourUnknown')}</p>}
      <div className="grid grid-cols-[auto_1fr] gap-x-4">
        {used.map((lane) => (
          <div key={lane} className="col-span-2 grid grid-cols-subgrid items-center">
            <span className="text-muted text-sm">{t(lane)}</span>
            <div dir="ltr" className="relative mx-3 flex h-7 items-center border-b border-dashed">
              {marks
                .filter((mark) => mark.lane === lane)
                .map((mark) => (
                  <MarkLink key={mark.key} mark={mark} at={Math.max(0, mark.middle - from) / hourMs}>
                    <MarkSymbol mark={mark} />
                  </MarkLink>
                ))}
            </div>
          </div>
        ))}
        <div ref={axis} dir="ltr" className="relative col-start-2 mx-3 h-5 text-faint text-xs">
          {used.length > 0 &&
            ticks.map((tick) => (
              <span key={tick} className="absolute top-1 -translate-x-1/2" style={{ left: `${((tick - from) / hourMs) * 100}%` }}>
                {formatTime(tick, preferences)}
              </span>
            ))}
        </div>
      </div>
    </>
  );
});

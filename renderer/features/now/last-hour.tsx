import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAlerts, useLoaders } from '#renderer/link/index.ts';
import { useConnection } from '#renderer/ui/address.ts';
import { formatTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { SeveritySymbol } from '#renderer/ui/severity.tsx';
import { StatusSymbol } from '#renderer/ui/status.tsx';
import { useNow } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { hourMs, lanes, lastHourMarks, type Mark } from './last-hour-marks.ts';
import { messages } from './messages.ts';
import { Section } from './section.tsx';

const ticks = [0, 1, 2, 3, 4, 5, 6];
const symbols = { taken: 'acknowledged', resolved: 'resolved', loadersLane: 'failing' } as const;

function MarkSymbol({ mark }: { mark: Mark }) {
  if (mark.lane === 'fired') return <SeveritySymbol severity={mark.severity ?? 'INFO'} bare />;
  return <StatusSymbol status={symbols[mark.lane]} bare size={13} />;
}

/** Leads to what the mark speaks of. */
function MarkLink({ mark, at, children }: { mark: Mark; at: number; children: ReactNode }) {
  const preferences = usePreferences();
  const place = {
    className: 'absolute grid size-5 -translate-x-1/2 place-content-center rounded-sm hover:bg-selected',
    style: { left: `${at * 100}%` },
    'aria-label': `${mark.label}, ${formatTime(mark.at, preferences, true)}`,
  };
  return (
    <Tooltip content={`${formatTime(mark.at, preferences, true)} · ${mark.label}`}>
      {mark.target.kind === 'alert' ? (
        <Link to="/alerts/$connection/$id" params={{ connection: mark.target.connectionId, id: mark.target.id }} {...place}>
          {children}
        </Link>
      ) : (
        <Link to="/loaders" search={{ loader: mark.target.code }} {...place}>
          {children}
        </Link>
      )}
    </Tooltip>
  );
}

/** What changed in the last hour, on one time line: fired, taken, resolved, loaders failed. Like every time axis it never mirrors. */
export function LastHour() {
  const t = useText(messages);
  const preferences = usePreferences();
  const now = useNow();
  const { connection } = useConnection();
  const alerts = useAlerts().data ?? [];
  const loaders = useLoaders(connection?.id).data?.value ?? [];
  const marks = lastHourMarks(alerts, loaders, now);
  const from = now - hourMs;
  const used = lanes.filter((lane) => marks.some((mark) => mark.lane === lane));
  return (
    <Section title={t('lastHour')}>
      {used.length === 0 ? (
        <p className="text-muted">{t('quietHour')}</p>
      ) : (
        <div className="grid grid-cols-[auto_1fr] gap-x-4">
          {used.map((lane) => (
            <div key={lane} className="col-span-2 grid grid-cols-subgrid items-center">
              <span className="text-muted text-sm">{t(lane)}</span>
              <div dir="ltr" className="relative mx-3 flex h-6 items-center border-b border-dashed">
                {marks
                  .filter((mark) => mark.lane === lane)
                  .map((mark) => (
                    <MarkLink key={mark.key} mark={mark} at={(mark.at - from) / hourMs}>
                      <MarkSymbol mark={mark} />
                    </MarkLink>
                  ))}
              </div>
            </div>
          ))}
          <div dir="ltr" className="relative col-start-2 mx-3 h-5 text-faint text-xs">
            {ticks.map((tick) => (
              <span key={tick} className="absolute top-1 -translate-x-1/2" style={{ left: `${(tick / 6) * 100}%` }}>
                {formatTime(from + (tick / 6) * hourMs, preferences)}
              </span>
            ))}
          </div>
        </div>
      )}
    </Section>
  );
}

import { useCallback, useEffect, useMemo } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { zoneOf } from '#common/time/zone.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { toViewRange, useCharts, useConsole, useDashboard } from '#renderer/domain/queries/index.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { valuesOf } from '../view/values.ts';
import { backgroundOf, paint } from './paint.ts';
import { Stage } from './stage.tsx';

const size = { width: 640, height: 360 };
/** Width at which a dashboard is drawn for its thumbnail, CSS pixels: text stays readable when it shrinks. */
const stageWidth = 960;
/** Number of grid rows that a thumbnail shows. */
const rows = 14;
/** Time until charts are at rest after a save, ms. */
const settleMs = 700;

/** Draws the top of an element as a small WebP. */
async function pictureOf(element: HTMLElement): Promise<string> {
  const whole = await paint(element, 1);
  const small = document.createElement('canvas');
  Object.assign(small, size);
  const context = small.getContext('2d');
  if (!context) throw new Error('This browser draws no pictures.');
  context.fillStyle = backgroundOf(element);
  context.fillRect(0, 0, size.width, size.height);
  context.imageSmoothingQuality = 'high';
  const scale = size.width / whole.width;
  context.drawImage(whole, 0, 0, size.width, whole.height * scale);
  return small.toDataURL('image/webp', 0.8);
}

/** Returns a function that stores a thumbnail of the dashboard on screen after it was saved. */
export function useKeepThumbnail(connectionId: string): (dashboard: Dashboard) => void {
  const { dashboards } = useConsole();
  return useCallback(
    ({ code, version }) => {
      const keep = async () => {
        const element = document.querySelector<HTMLElement>('[data-board]');
        if (!element || element.clientWidth === 0) return;
        await dashboards.setThumbnail({ connectionId, code, thumbnail: { version, image: await pictureOf(element) } });
      };
      // Failures are ignored: the list draws another thumbnail.
      setTimeout(() => void keep().catch(() => undefined), settleMs);
    },
    [dashboards, connectionId],
  );
}

interface PainterProps {
  connection: Connection;
  code: string;
  theme: string;
  /** Also stores it, for other consoles and for offline use. */
  keep: boolean;
  /** Null if it could not be drawn. */
  onDone: (image: string | null) => void;
}

/** Draws the thumbnail of a dashboard that isn't on screen, from its data. */
export function ThumbnailPainter({ connection, code, theme, keep, onDone }: PainterProps) {
  const { dashboards } = useConsole();
  const connectionId = connection.id;
  const denied = usePermission(connection, 'OPERATOR', true);
  const { data, error } = useDashboard(connectionId, code);
  const charts = useCharts(connectionId).data?.charts;
  const dashboard = data?.value ?? null;
  const body = useMemo(() => dashboard && { ...dashboard, panels: dashboard.panels.filter(({ place }) => place.y < rows) }, [dashboard]);
  const timeZone = zoneOf(usePreferences().clock);
  const range = useMemo(() => body && toViewRange(body.range, timeZone), [body, timeZone]);
  const failed = error !== null || (data !== undefined && dashboard === null);
  useEffect(() => {
    if (failed) onDone(null);
  }, [failed, onDone]);
  if (!body || !range || !dashboard || !charts) return null;
  const finish = async (board: HTMLElement) => {
    const image = await pictureOf(board).catch(() => null);
    onDone(image);
    if (image === null || !keep || denied !== undefined) return;
    // If storing fails, it is still shown here.
    await dashboards.setThumbnail({ connectionId, code, thumbnail: { version: dashboard.version, image } }).catch(() => undefined);
  };
  return (
    <Stage
      body={body}
      charts={charts}
      connectionId={connectionId}
      range={range}
      values={valuesOf(body, undefined)}
      theme={theme}
      ratio={1}
      width={stageWidth}
      framed
      onReady={({ board }) => void finish(board)}
    />
  );
}

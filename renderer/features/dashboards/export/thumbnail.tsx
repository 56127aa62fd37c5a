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
/** Width at which a dashboard is drawn for its small picture, CSS pixels: words stay readable when it shrinks. */
const stageWidth = 960;
/** Rows of the grid that a small picture shows. */
const rows = 14;
/** A chart needs this long after a save to be at rest, ms. */
const settleMs = 700;

/** A small WebP of the top of an element. */
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

/** Keeps a small picture of the dashboard on screen, after it was saved. */
export function useKeepThumbnail(connectionId: string): (dashboard: Dashboard) => void {
  const { dashboards } = useConsole();
  return useCallback(
    ({ code, version }) => {
      const keep = async () => {
        const element = document.querySelector<HTMLElement>('[data-board]');
        if (!element || element.clientWidth === 0) return;
        await dashboards.setThumbnail({ connectionId, code, thumbnail: { version, image: await pictureOf(element) } });
      };
      // A picture is worth no message: the list makes another.
      setTimeout(() => void keep().catch(() => undefined), settleMs);
    },
    [dashboards, connectionId],
  );
}

interface PainterProps {
  connection: Connection;
  code: string;
  theme: string;
  /** Also store it, for others and for times without contact. */
  keep: boolean;
  /** Null where it could not be made. */
  onDone: (image: string | null) => void;
}

/** Makes the small picture of a dashboard that is not on screen, from its data. */
export function ThumbnailPainter({ connection, code, theme, keep, onDone }: PainterProps) {
  const { dashboards } = useConsole();
  const connectionId = connection.id;
  const denied = usePermission(connection, 'OPERATOR', true);
  const { data, error } = useDashboard(connectionId, code);
  const charts = useCharts(connectionId).data?.charts;
  const dashboard = data?.value ?? null;
  const body = useMemo(() => dashboard && { ...dashboard, panels: dashboard.panels.filter(({ place }) => place.y < rows) }, [dashboard]);
  const timeZone = zoneOf(usePreferences().clock);
  const span = useMemo(() => body && toViewRange(body.range, timeZone), [body, timeZone]);
  const failed = error !== null || (data !== undefined && dashboard === null);
  useEffect(() => {
    if (failed) onDone(null);
  }, [failed, onDone]);
  if (!body || !span || !dashboard || !charts) return null;
  const finish = async (board: HTMLElement) => {
    const image = await pictureOf(board).catch(() => null);
    onDone(image);
    if (image === null || !keep || denied !== undefined) return;
    // Not stored, it is still shown here.
    await dashboards.setThumbnail({ connectionId, code, thumbnail: { version: dashboard.version, image } }).catch(() => undefined);
  };
  return (
    <Stage
      body={body}
      charts={charts}
      connectionId={connectionId}
      span={span}
      values={valuesOf(body, undefined)}
      theme={theme}
      ratio={1}
      width={stageWidth}
      framed
      onReady={({ board }) => void finish(board)}
    />
  );
}

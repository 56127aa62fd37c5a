import { uuidv7 } from 'uuidv7';
import type { Notice } from '#common/contract/console/settings.ts';
import { hourMs, minuteMs } from '#common/time/durations.ts';
import { ago, connectionId, makeAlert, makeChart, makeDashboard, makeRule, makeStatus } from './make.ts';
import type { World } from './world.ts';

const person = { by: 'sara', at: ago(minuteMs), note: 'Looking at it' };
const waiting = {
  id: uuidv7(),
  connectionId,
  kind: 'acknowledge',
  alertName: 'Belt speed low',
  entity: 'alert',
  title: '',
  createdAt: ago(minuteMs),
  attempts: 1,
  state: 'conflict',
  nextTryAt: null,
  problem: null,
} as const;
const notice: Notice = {
  id: uuidv7(),
  kind: 'fired',
  connectionId,
  alertIds: [uuidv7()],
  severity: 'HIGH',
  title: '',
  body: '',
  content: { code: 'fired', params: { alert: 'Belt speed low', reason: 'Average over 1 min is 0.32 m/s' } },
  at: ago(minuteMs),
  suppressed: null,
  read: false,
};

/** Changes the usual world: alerts in each state, rules and belts in several, and what a person has left to do. */
export function makeBusy(world: World): void {
  world.alerts = [
    makeAlert(),
    makeAlert({ severity: 'CRITICAL', ruleName: 'Belt stopped', seriesKey: 'stopped' }),
    makeAlert({ severity: 'INFO', seriesKey: 'taken', acknowledgement: { ...person, expiresAt: null } }),
    makeAlert({ severity: 'WARNING', seriesKey: 'over', state: 'RESOLVED', resolvedAt: ago(minuteMs) }),
  ];
  world.rules = [
    makeRule({ statuses: [makeStatus({ state: 'FIRING' })], firedLastWeek: 3, lastFiredAt: ago(hourMs), owner: 'sara' }),
    makeRule({ code: 'blind', name: 'Blind', severity: 'WARNING', statuses: [makeStatus({ state: 'NO_DATA', reasons: [] })] }),
    makeRule({ code: 'off', name: 'Off duty', enabled: false }),
  ];
  world.charts = [makeChart(), makeChart({ code: 'pinned', title: 'Pinned', pinned: 1 })];
  const reading = { at: ago(500), speed: 0.9, current: 4, itemsPerMinute: 30, rejectsPerMinute: 1 };
  world.conveyor = {
    producer: 'running',
    lastWriteAt: ago(500),
    periodMs: 1_000,
    belts: [
      { code: 'belt-1', name: 'Belt 1', fault: null, reading },
      { code: 'belt-2', name: 'Belt 2', fault: { kind: 'stop', since: ago(minuteMs), by: 'sara' }, reading: { ...reading, speed: 0 } },
    ],
  };
  world.outbox = [waiting];
  world.inbox = [notice];
  const drawing = { title: 'Speed', selector: { from: 'signal', loaderCode: 'belts' }, unit: 'm/s' } as const;
  const types = ['line', 'bar', 'stat', 'gauge', 'table', 'heatmap', 'pie'] as const;
  const charts = types.map((type, i) => ({
    id: type,
    kind: 'chart' as const,
    drawing: { ...drawing, title: `Speed ${type}`, type },
    place: { x: 12 * (i % 2), y: 16 + 8 * Math.floor(i / 2), w: 12, h: 8 },
  }));
  const { panels } = makeDashboard();
  world.dashboards = [makeDashboard({ panels: [...panels, ...charts], variables: [] })];
}

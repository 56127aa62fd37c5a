import { narrowSelector } from '#common/charts/narrow.ts';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { Alert } from '#common/contract/alerts.ts';
import { seriesLabels } from '#common/contract/alerts.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import { hourMs } from '#common/time/durations.ts';
import type { Interval } from '#common/time/intervals.ts';
import { type Peers, serviceCaller } from '../peers.ts';
import { chartSize, drawChart } from './chart-image.ts';

/** The chart of an alert's series, for an e-mail. */
export interface MailChart {
  png: Buffer;
  interval: Interval;
  /** The lowest and the highest value in the interval. */
  low: number;
  high: number;
}

/**
 * Draws the series of an alert in the hour until it fired, or until it resolved.
 * @returns null if there are no points, more than one series, or a newer version of the chart than the alert's
 * @throws AppError when the charts service doesn't answer
 */
export async function findAlertChart(peers: Peers, alert: Alert): Promise<MailChart | null> {
  const { charts } = peers.as(serviceCaller('notifications'));
  const to = alert.resolvedAt ?? alert.firedAt;
  const interval = { from: to - hourMs, to };
  const labels = seriesLabels(alert);
  const { selector, variables, version } = await charts.get({ params: { code: alert.chartCode } });
  // The rule still evaluates an earlier version, which may have been about something else.
  if (alert.chartVersion !== undefined && alert.chartVersion !== version) return null;
  const narrowed = narrowSelector(bindSelector(selector, resolveValues(variables)), labels);
  const { series } = await charts.columns({ body: { selector: narrowed, ...interval, columns: chartSize.width } });
  // The selector may match others that have more labels.
  const own = series.length === 1 ? series[0] : series.find((one) => labelsKey(one.labels) === labelsKey(labels));
  const image = own === undefined ? null : drawChart(own, { interval, threshold: alert.threshold, firedAt: alert.firedAt });
  if (own === undefined || image === null) return null;
  return { png: image.toPng(), interval, low: own.min.reduce((a, b) => Math.min(a, b)), high: own.max.reduce((a, b) => Math.max(a, b)) };
}

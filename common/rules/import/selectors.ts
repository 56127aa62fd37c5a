import { hasLabels, type Labels } from '../../contract/primitives.ts';
import type { LabelMatcher, Selector } from './expression.ts';
import { Refusal } from './refusal.ts';

/** The series that a condition looks at: those of a metric that have all of these labels. */
export interface SelectedSeries {
  metric: string;
  labels: Labels;
}

/** @throws Refusal for matchers other than `=`: the series of a rule are narrowed by exact labels only */
export function seriesOf({ metric, matchers, from, to }: Selector): SelectedSeries {
  if (metric === '') throw new Refusal('metric_none', {}, { from, to });
  const labels: Labels = {};
  for (const matcher of matchers) {
    const value = matchedText(matcher);
    if (value === null) continue;
    if (Object.hasOwn(labels, matcher.label) && labels[matcher.label] !== value)
      throw new Refusal('matcher_never', { label: matcher.label }, matcher);
    labels[matcher.label] = value;
  }
  return { metric, labels };
}

/** Returns the text that a label must equal; null if it may have any. */
function matchedText(matcher: LabelMatcher): string | null {
  const { label, operator, value } = matcher;
  if (label === '__proto__' || label === '__name__') throw new Refusal('matcher', { matcher: written(matcher) }, matcher);
  if (operator === '=~' && value === '.*') return null;
  const isText = operator === '=' || (operator === '=~' && /^[^.*+?()[\]{}|\\^$]+$/.test(value));
  if (isText && value === '') throw new Refusal('matcher_empty', { label }, matcher);
  if (!isText) throw new Refusal('matcher', { matcher: written(matcher) }, matcher);
  return value;
}

const written = ({ label, operator, value }: LabelMatcher): string => `${label}${operator}"${value}"`;

export const isSameSeries = (one: SelectedSeries, other: SelectedSeries): boolean =>
  one.metric === other.metric && hasLabels(one.labels, other.labels) && hasLabels(other.labels, one.labels);

import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Language } from '#common/format.ts';
import { describeReason } from '#common/words/reasons.ts';
import { alertSeries } from '#renderer/domain/alerts.ts';
import { type CsvColumn, fileTime, saveCsv } from '#renderer/ui/export.ts';
import type { View } from './views.ts';

const columnsIn = (language: Language): CsvColumn<FeedAlert>[] => [
  { heading: 'severity', cell: (one) => one.severity },
  { heading: 'state', cell: (one) => one.state },
  { heading: 'rule', cell: (one) => one.ruleName },
  { heading: 'ready_rule', cell: (one) => one.templateCode ?? null },
  { heading: 'labels', cell: (one) => alertSeries(one) },
  { heading: 'rule_labels', cell: (one) => pairs(one.ruleLabels) },
  { heading: 'value', cell: (one) => one.value },
  { heading: 'operator', cell: (one) => one.operator },
  { heading: 'threshold', cell: (one) => one.threshold },
  { heading: 'unit', cell: (one) => one.unit },
  { heading: 'fired_at', cell: (one) => new Date(one.firedAt).toISOString() },
  { heading: 'resolved_at', cell: (one) => (one.resolvedAt === null ? null : new Date(one.resolvedAt).toISOString()) },
  { heading: 'owner', cell: (one) => one.acknowledgement?.by ?? null },
  { heading: 'reason', cell: (one) => one.reasons.map((reason) => describeReason(reason, language)).join(' ') },
  { heading: 'summary', cell: (one) => one.annotations['summary'] ?? null },
  { heading: 'description', cell: (one) => one.annotations['description'] ?? null },
  { heading: 'annotations', cell: ({ annotations: { summary: _summary, description: _description, ...others } }) => pairs(others) },
  { heading: 'runbook', cell: (one) => one.runbook },
  { heading: 'id', cell: (one) => one.id },
];

/** Writes names and texts into one cell: `team=ops; site=Berlin`. */
function pairs(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([name, text]) => `${name}=${text}`)
    .join('; ');
}

/** Saves the alerts of a view as a CSV file. */
export function saveAlerts(view: View, alerts: readonly FeedAlert[], language: Language): void {
  saveCsv(`alerts-${view}-${fileTime(Date.now())}.csv`, columnsIn(language), alerts);
}

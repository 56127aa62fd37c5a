import { useMemo } from 'react';
import { labelsKey } from '#common/contract/primitives.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import type { RuleSeries } from '#renderer/charts/index.ts';
import { DamageNote, type FiringInterval, ThresholdChart } from '#renderer/charts/index.ts';
import { concerns, type RuleDraft, readNumber } from './draft.ts';
import { useDryRun } from './use-dry-run.ts';
import { Verdict } from './verdict.tsx';

interface RulePreviewProps {
  connectionId: string;
  series: RuleSeries;
  draft: RuleDraft;
  /** The parts of the rule that its evaluation needs; null while they are incomplete. */
  condition: RuleInput | null;
  onThreshold: (value: number) => void;
}

/** Previews a rule: the chart with the threshold, and where the rule would have fired. */
export function RulePreview({ connectionId, series, draft, condition, onThreshold }: RulePreviewProps) {
  const { drawing, selector, range, interval, bucketMs, lines, labels, damaged } = series;
  const dry = useDryRun(connectionId, selector, condition, range, drawing.unit);
  const firing = useMemo<FiringInterval[]>(
    () => dry.firings.map(({ from, to }) => ({ from, to, severity: condition?.severity ?? 'HIGH' })),
    [dry.firings, condition],
  );
  const labelsOf = (id: string) => labels.find((one) => id === `0 ${labelsKey(one)}`) ?? {};
  return (
    <div className="flex min-h-80 flex-col gap-3">
      <DamageNote damaged={damaged} isCrossed />
      <div className="min-h-64 flex-1">
        <ThresholdChart
          drawing={drawing}
          lines={lines.filter(({ id }) => concerns(draft.line, labelsOf(id)))}
          interval={interval}
          bucketMs={bucketMs}
          damaged={damaged}
          threshold={readNumber(draft.threshold)}
          severity={draft.severity}
          firing={firing}
          onThreshold={onThreshold}
        />
      </div>
      <Verdict dry={dry} everyMs={condition?.evaluateEveryMs ?? dry.stepMs} interval={interval} severity={draft.severity} />
    </div>
  );
}

import { useMemo, useState } from 'react';
import { labelsKey } from '#common/contract/primitives.ts';
import { proposeCode } from '#renderer/charts/definition-form/values.ts';
import type { RuleSeries } from '#renderer/charts/index.ts';
import { statsOf } from '#renderer/charts/index.ts';
import { useRules } from '#renderer/domain/queries/index.ts';
import { useStable } from '#renderer/ui/use-stable.ts';
import { draftFor, type RuleDraft, readDraft } from './draft.ts';

interface RuleDraftOptions {
  connectionId: string;
  series: RuleSeries;
  /** Names of the lines shown; undefined shows all. */
  only: readonly string[] | undefined;
  chartCode: string;
}

/** Holds the rule as typed (null until its series are read) and as the contract parses it. */
export function useRuleDraft({ connectionId, series, only, chartCode }: RuleDraftOptions) {
  const ruleCodes = (useRules(connectionId).data?.rules ?? []).map(({ code }) => code);
  const [typed, setTyped] = useState<RuleDraft | null>(null);
  const draft = typed ?? (series.answer.data ? firstDraft(series, only, ruleCodes) : null);
  const change = (part: Partial<RuleDraft>) => draft && setTyped({ ...draft, ...part });
  const stable = useStable(draft);
  const read = useMemo(() => (stable === null ? null : readDraft(stable, chartCode)), [stable, chartCode]);
  // The name doesn't affect the evaluation.
  const nameless = useMemo(() => stable && readDraft({ ...stable, name: 'x', code: 'x', runbook: '' }, 'x'), [stable]);
  const condition = useStable(nameless?.ok ? nameless.rule : null);
  return { draft, change, read, condition };
}

/** Proposes a rule for what is on screen; limited to the only line, if there is just one. */
function firstDraft({ drawing, lines, labels, interval }: RuleSeries, only: readonly string[] | undefined, ruleCodes: string[]): RuleDraft {
  const stats = lines.map((line) => statsOf(line, interval));
  const known = stats.flatMap(({ max, avg }) => (max === null || avg === null ? [] : [{ max, avg }]));
  const max = known.length === 0 ? null : Math.max(...known.map((one) => one.max));
  const avg = known.length === 0 ? null : known.reduce((sum, one) => sum + one.avg, 0) / known.length;
  const place = only?.length === 1 ? lines.findIndex(({ name }) => name === only[0]) : -1;
  const id = lines[place]?.id;
  const line = labels.find((one) => id === `0 ${labelsKey(one)}`) ?? null;
  return { ...draftFor(drawing, { max, avg }), code: proposeCode(drawing.title, ruleCodes), line };
}

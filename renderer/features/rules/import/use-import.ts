import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import type { Rule } from '#common/contract/rules.ts';
import { type ImportedRules, importRules } from '#common/rules/import.ts';
import { type Plan, type PlanStep, planRules } from '#common/rules/plan.ts';
import { queryKeys, useCharts, useConsole, useMetrics } from '#renderer/domain/queries/index.ts';
import { describeError } from '#renderer/ui/describe-error.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast } from '#renderer/ui/toast.tsx';
import { importWords } from './words.ts';

/** What would become of a file. */
export interface ImportPreview {
  found: ImportedRules;
  plan: Plan;
  /** Metrics that no chart shows, and those for which a chart was chosen. */
  metrics: string[];
}

/** Problems that every further rule would meet too. */
const hopeless: readonly string[] = ['unavailable', 'rate_limited', 'forbidden'];

/** Holds the import of a file of rules: the preview, the charts that were chosen for metrics, and the progress. */
export function useRuleImport(connectionId: string, rules: readonly Rule[], onDone: () => void) {
  const charts = useCharts(connectionId).data?.charts;
  const series = useMetrics(connectionId).data?.metrics;
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [chartOf, setChartOf] = useState<ReadonlyMap<string, string>>(new Map());
  const applying = useApply(connectionId, onDone);
  const preview = useMemo((): ImportPreview | { error: unknown } | null => {
    if (file === null || charts === undefined) return null;
    try {
      const found = importRules(file.text, file.name, { charts, series: series ?? null, chartOf });
      return { found, plan: planRules(found.imported, rules, null), metrics: metricsWithoutChart(found, chartOf) };
    } catch (error) {
      return { error };
    }
  }, [file, charts, series, chartOf, rules]);
  const choose = async (chosen: File) => {
    const text = await chosen.text();
    setChartOf(new Map());
    setFile({ name: chosen.name, text });
  };
  const chooseChart = (metric: string, code: string) =>
    setChartOf((before) => {
      const others = [...before].filter(([name]) => name !== metric);
      return new Map(code === '' ? others : [...others, [metric, code]]);
    });
  return { fileName: file?.name ?? null, charts: charts ?? [], preview, choose, chartOf, chooseChart, ...applying };
}
export type RuleImport = ReturnType<typeof useRuleImport>;

function metricsWithoutChart({ refused }: ImportedRules, chartOf: ReadonlyMap<string, string>): string[] {
  const without = refused.flatMap(({ note: { code, params } }) => (code === 'chart_none' ? String(params['metric']) : []));
  return [...new Set([...chartOf.keys(), ...without])].sort();
}

/** Applies a plan rule by rule. What failed is said in a toast, and stays in the preview as something to import. */
function useApply(connectionId: string, onDone: () => void) {
  const t = useText(importWords);
  const { alerts: service } = useConsole();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null);
  const isStopped = useRef(false);
  const applyStep = async (step: PlanStep) => {
    if (step.kind === 'create') await service.createRule({ connectionId, rule: step.rule });
    else if (step.kind === 'change') await service.updateRule({ connectionId, rule: { ...step.rule, version: step.version } });
  };
  const apply = async ({ steps }: Plan) => {
    isStopped.current = false;
    let done = 0;
    const failed: { step: PlanStep; error: unknown }[] = [];
    for (const step of steps) {
      setProgress({ done: done + failed.length, all: steps.length });
      try {
        await applyStep(step);
        done += 1;
      } catch (error) {
        failed.push({ step, error });
        if (hopeless.includes(describeError(error).code)) break;
      }
      if (isStopped.current) break;
    }
    setProgress(null);
    await queries.invalidateQueries({ queryKey: queryKeys.rules(connectionId) });
    const [first] = failed;
    const left = steps.length - done;
    const failure = first && t('failed', { count: failed.length, name: first.step.code, reason: describeError(first.error).message });
    const message = done > 0 || failure === undefined ? t('imported', { count: done }) : failure;
    const detail = [done > 0 ? failure : undefined, left > failed.length ? t('left', { count: left - failed.length }) : undefined];
    toast({ message, detail: detail.filter((one) => one !== undefined).join(' · '), tone: failure === undefined ? 'done' : 'problem' });
    if (left === 0) onDone();
  };
  return { progress, apply, stop: () => (isStopped.current = true) };
}

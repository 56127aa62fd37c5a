import { useState } from 'react';
import { type Chart, chartDefinition } from '#common/contract/charts.ts';
import { proposeCode } from '#renderer/charts/definition-form/values.ts';
import { useCharts } from '#renderer/domain/queries/index.ts';

/**
 * Returns the chart of a rule: the library's, or a new one that is saved before the rule.
 * @param library undefined if the library doesn't have it
 */
export function useRuleChart(connectionId: string, title: string, library: Chart | undefined) {
  const codes = (useCharts(connectionId).data?.charts ?? []).map(({ code }) => code);
  const [typedCode, setNewCode] = useState<string | null>(null);
  const [saved, setSaved] = useState<Chart | null>(null);
  const newCode = typedCode ?? proposeCode(title, codes);
  const inLibrary = library ?? saved;
  const isNew = inLibrary === null;
  return {
    code: inLibrary?.code ?? newCode,
    isNew,
    newCode,
    setNewCode,
    codeWrong: isNew && (!chartDefinition.shape.code.safeParse(newCode).success || codes.includes(newCode)),
    /** The chart was saved, even if the rule then wasn't. */
    wasSaved: saved !== null,
    setSaved,
  };
}
export type RuleChart = ReturnType<typeof useRuleChart>;

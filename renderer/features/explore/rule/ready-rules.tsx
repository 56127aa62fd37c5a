import { useMemo, useRef } from 'react';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { Chart, ChartDrawing } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { proposeCode } from '#renderer/charts/definition-form/values.ts';
import { useCharts, useConsole } from '#renderer/domain/queries/index.ts';
import { ReadyRulesSheet } from '#renderer/domain/ready-rules/ready-rules-sheet.tsx';

interface ReadyRulesProps {
  connection: Connection;
  drawing: ChartDrawing;
  /** The library's chart, if the picture is exactly that one. */
  chart: Chart | undefined;
  values: VariableValues;
  onOwn: () => void;
  onClose: () => void;
}

/** The ready rules that suit the picture on screen. */
export function ReadyRules({ connection, drawing, chart: library, values, onOwn, onClose }: ReadyRulesProps) {
  const { charts } = useConsole();
  const known = useCharts(connection.id).data?.charts;
  const saved = useRef<Chart | null>(null);
  const isLibrary = library !== undefined && Object.keys(values).length === 0;
  const chart = useMemo(() => {
    if (isLibrary) return { drawing: library, code: library.code, save: null };
    const selector = bindSelector(drawing.selector, resolveValues(drawing.variables, values));
    const bound = { ...drawing, selector, beside: [], variables: [] };
    const code = saved.current?.code ?? proposeCode(drawing.title, known?.map((one) => one.code) ?? []);
    const save = async () => {
      saved.current ??= await charts.create({ connectionId: connection.id, chart: { ...bound, code } });
      return saved.current;
    };
    return { drawing: bound, code, save };
  }, [isLibrary, library, drawing, values, known, charts, connection.id]);
  return <ReadyRulesSheet connection={connection} chart={chart} onOwn={onOwn} onClose={onClose} />;
}

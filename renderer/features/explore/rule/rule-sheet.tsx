import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import { type Chart, type ChartDrawing, chartDefinition } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { labelsKey } from '#common/contract/primitives.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { proposeCode } from '#renderer/charts/definition-form/values.ts';
import { chooseBucket, DamageNote, type FiringSpan, linesOf, type Stretch, statsOf } from '#renderer/charts/index.ts';
import { places } from '#renderer/domain/places.ts';
import {
  queryKeys,
  rangeLength,
  resolveSpan,
  type SeriesAsk,
  useCharts,
  useConsole,
  useRules,
  useSeries,
  type ViewRange,
} from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Textarea } from '#renderer/ui/input.tsx';
import { describeError, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import { concerns, draftFor, type RuleDraft, type RuleField, readDraft, readNumber } from './draft.ts';
import { Sentence } from './sentence.tsx';
import { ThresholdChart } from './threshold-chart.tsx';
import { useDryRun } from './use-dry-run.ts';
import { Verdict } from './verdict.tsx';
import { ruleWords } from './words.ts';

interface RuleSheetProps {
  connection: Connection;
  drawing: ChartDrawing;
  /** The library's chart, where the picture is exactly that one. */
  chart: Chart | undefined;
  /** Names of the lines shown; undefined shows all. */
  only: readonly string[] | undefined;
  span: ViewRange;
  values: VariableValues;
  onClose: () => void;
}

/** Width the buckets are chosen for, px. */
const chartWidthPx = 640;
const noDamage: Stretch[] = [];

/** A new rule over what is on screen: the sentence, the chart with its threshold, and where it would have fired. */
export function RuleSheet({ connection, drawing: shown, chart, only, span, values, onClose }: RuleSheetProps) {
  const t = useText(ruleWords);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { charts, alerts } = useConsole();
  const chartCodes = (useCharts(connection.id).data?.charts ?? []).map(({ code }) => code);
  const ruleCodes = (useRules(connection.id).data?.rules ?? []).map(({ code }) => code);
  // A rule judges one measure, and nobody chooses variables for it.
  const drawing = useMemo<ChartDrawing>(() => {
    const selector = bindSelector(shown.selector, resolveValues(shown.variables, values));
    return { ...shown, selector, beside: [], variables: [] };
  }, [shown, values]);
  const selector = useMemo(() => bindSelector(drawing.selector, {}), [drawing.selector]);
  const asLibrary = chart !== undefined && Object.keys(values).length === 0 ? chart : undefined;

  const bucketMs = chooseBucket(rangeLength(span, Date.now()), chartWidthPx);
  const aggregation = drawing.aggregation === 'raw' ? 'avg' : drawing.aggregation;
  const ask = useMemo<SeriesAsk>(() => ({ selector, aggregation, bucketMs, span }), [selector, aggregation, bucketMs, span]);
  const answer = useSeries(connection.id, ask);
  const stretch = useMemo(() => resolveSpan(span, bucketMs, Date.now()), [span, bucketMs]);
  const lines = useMemo(() => linesOf([{ picture: answer.data, name: undefined }], drawing.title), [answer.data, drawing.title]);
  const damaged = answer.data?.damaged ?? noDamage;
  const labels = useMemo(() => (answer.data?.series ?? []).map((one) => one.labels), [answer.data]);

  const [draft, setDraft] = useState<RuleDraft | null>(null);
  const [chartCode, setChartCode] = useState<string | null>(null);
  const [kept, setKept] = useState<Chart | null>(null);
  const [tried, setTried] = useState(false);
  const started = draft ?? (answer.data ? begin() : null);
  function begin(): RuleDraft {
    const stats = lines.map((line) => statsOf(line, stretch));
    const known = stats.flatMap(({ max, avg }) => (max === null || avg === null ? [] : [{ max, avg }]));
    const max = known.length === 0 ? null : Math.max(...known.map((one) => one.max));
    const avg = known.length === 0 ? null : known.reduce((sum, one) => sum + one.avg, 0) / known.length;
    const place = only?.length === 1 ? lines.findIndex(({ name }) => name === only[0]) : -1;
    const id = lines[place]?.id;
    const line = labels.find((one) => id === `0 ${labelsKey(one)}`) ?? null;
    return { ...draftFor(drawing, { max, avg }), code: proposeCode(drawing.title, ruleCodes), line };
  }
  const change = (part: Partial<RuleDraft>) => started && setDraft({ ...started, ...part });
  const newCode = chartCode ?? proposeCode(drawing.title, chartCodes);
  const codeOf = asLibrary?.code ?? kept?.code ?? newCode;
  const stable = useStable(started);
  const read = useMemo(() => (stable === null ? null : readDraft(stable, codeOf)), [stable, codeOf]);
  // Where it would have fired does not hang on what it is called.
  const nameless = useMemo(() => stable && readDraft({ ...stable, name: 'x', code: 'x', runbook: '' }, 'x'), [stable]);
  const condition = useStable(nameless?.ok ? nameless.rule : null);
  const dry = useDryRun(connection.id, selector, condition, span, drawing.unit);
  const spans = useMemo<FiringSpan[]>(
    () => dry.firings.map(({ from, to }) => ({ from, to, severity: condition?.severity ?? 'HIGH' })),
    [dry.firings, condition],
  );

  const codeFree =
    asLibrary !== undefined || kept !== null || (chartDefinition.shape.code.safeParse(newCode).success && !chartCodes.includes(newCode));
  const create = useMutation({
    mutationFn: async () => {
      if (!read?.ok) return;
      if (!asLibrary && !kept) setKept(await charts.create({ connectionId: connection.id, chart: { ...drawing, code: newCode } }));
      await alerts.createRule({ connectionId: connection.id, rule: read.rule });
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: queryKeys.rules(connection.id) });
      const go = () => void navigate(places.alerts({ connection: connection.id }));
      toast({ message: t('created'), action: { label: t('openAlerts'), run: go } });
      onClose();
    },
  });
  const taken = create.error !== null && describeError(create.error).code === 'conflict' && (kept !== null || asLibrary !== undefined);
  const wrong: RuleField[] = [...(tried && read && !read.ok ? read.wrong : []), ...(taken ? (['code'] as const) : [])];
  const submit = () => {
    setTried(true);
    if (read?.ok && codeFree) create.mutate();
  };
  const worded = (field: RuleField) =>
    !wrong.includes(field) ? undefined : field === 'code' && taken ? t('codeTaken') : t(`wrong_${field}`);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      className="w-[min(76rem,100vw)]"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" onClick={submit} disabledReason={create.isPending ? t('creating') : undefined}>
            {t('create')}
          </Button>
        </>
      }
    >
      {answer.error && !answer.data && <ErrorState title={t('unread')} error={answer.error} retry={() => void answer.refetch()} />}
      {!started && !answer.error && <Loading />}
      {started && (
        <div className="grid min-h-full grid-cols-[minmax(20rem,2fr)_3fr] gap-6 pt-2 max-lg:grid-cols-1">
          <form
            noValidate
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            <Sentence title={drawing.title} unit={drawing.unit} draft={started} change={change} wrong={wrong} lines={labels} />
            {(['window', 'threshold', 'hold', 'every'] as const)
              .filter((field) => wrong.includes(field))
              .map((field) => (
                <p key={field} role="alert" className="text-danger text-sm">
                  {t(`wrong_${field}`)}
                </p>
              ))}
            <div className="grid grid-cols-2 gap-3">
              <Field label={t('name')} error={worded('name')}>
                <Input value={started.name} maxLength={120} onChange={(event) => change({ name: event.target.value })} />
              </Field>
              <Field label={t('code')} error={worded('code')}>
                <Input
                  value={started.code}
                  dir="ltr"
                  className="font-mono"
                  autoComplete="off"
                  onChange={(event) => change({ code: event.target.value })}
                />
              </Field>
            </div>
            <Field label={t('runbook')} error={worded('runbook')}>
              <Textarea value={started.runbook} rows={3} onChange={(event) => change({ runbook: event.target.value })} />
            </Field>
            {!asLibrary && !kept && (
              <div className="flex flex-col gap-2 rounded-md border px-3 py-2">
                <p className="text-muted text-sm">{t('savedFirst')}</p>
                <Field label={t('chartCode')} error={tried && !codeFree ? t('chartCodeWrong') : undefined}>
                  <Input
                    value={newCode}
                    dir="ltr"
                    className="font-mono"
                    autoComplete="off"
                    onChange={(event) => setChartCode(event.target.value)}
                  />
                </Field>
              </div>
            )}
            {create.error && !taken && <ErrorState title={t('createFailed')} error={create.error} className="px-0" />}
            {create.error && kept && <p className="text-muted text-sm">{t('chartKept')}</p>}
          </form>
          <div className="flex min-h-80 flex-col gap-3">
            <DamageNote damaged={damaged} isCrossed />
            <div className="min-h-64 flex-1">
              <ThresholdChart
                drawing={drawing}
                lines={lines.filter((_, i) => concerns(started.line, labels.find((one) => lines[i]?.id === `0 ${labelsKey(one)}`) ?? {}))}
                stretch={stretch}
                bucketMs={bucketMs}
                damaged={damaged}
                threshold={readNumber(started.threshold)}
                severity={started.severity}
                spans={spans}
                onThreshold={(value) => change({ threshold: String(value) })}
              />
            </div>
            <Verdict dry={dry} everyMs={condition?.evaluateEveryMs ?? dry.stepMs} stretch={stretch} severity={started.severity} />
          </div>
        </div>
      )}
    </Sheet>
  );
}

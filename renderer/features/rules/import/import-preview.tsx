import { Fragment, type ReactNode, useId } from 'react';
import type { PlanStep } from '#common/rules/plan.ts';
import { describeImport } from '#common/words/rule-imports.ts';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import type { ImportPreview, RuleImport } from './use-import.ts';
import { importWords } from './words.ts';

/** On a phone each rule is a block of lines instead of a row, because columns would be a few letters wide. */
const table =
  'table-fixed max-sm:block max-sm:[&_tbody]:block max-sm:[&_thead]:sr-only max-sm:[&_tr]:block max-sm:[&_tr]:py-2 max-sm:[&_tr+tr]:border-t';
const cell = 'wrap-anywhere py-2 align-top max-sm:block max-sm:h-auto max-sm:border-b-0 max-sm:py-0.5 max-sm:empty:hidden';

/** What would be created and changed, and what can't be imported and why. */
export function Preview({ preview, work }: { preview: ImportPreview; work: RuleImport }) {
  const t = useText(importWords);
  const { found, plan, metrics } = preview;
  const count = (kind: PlanStep['kind']) => plan.steps.filter((step) => step.kind === kind).length;
  const facts = [
    t(`from_${found.format}`),
    ...(count('create') > 0 ? [t('toCreate', { count: count('create') })] : []),
    ...(count('change') > 0 ? [t('toChange', { count: count('change') })] : []),
    ...(plan.unchanged.length > 0 ? [t('unchanged', { count: plan.unchanged.length })] : []),
    ...(found.refused.length > 0 ? [t('refused', { count: found.refused.length })] : []),
  ];
  return (
    <div className="flex flex-col gap-5 pt-1">
      <div>
        <p className="font-medium">
          <bdi>{work.fileName}</bdi>
        </p>
        <p className="text-muted">
          {facts.map((fact, i) => (
            <Fragment key={fact}>
              {i > 0 && ' · '}
              <bdi>{fact}</bdi>
            </Fragment>
          ))}
        </p>
      </div>
      {metrics.length > 0 && <ChartChoice metrics={metrics} work={work} />}
      {found.refused.length > 0 && <Refused refused={found.refused} />}
      {found.imported.length > 0 && <Imported preview={preview} />}
    </div>
  );
}

/** A chart for each metric that no chart shows. */
function ChartChoice({ metrics, work: { charts, chartOf, chooseChart } }: { metrics: readonly string[]; work: RuleImport }) {
  const t = useText(importWords);
  return (
    <Section title={t('chartsTitle')}>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-3 p-3">
        {metrics.map((metric) => (
          <Field key={metric} label={metric}>
            <Select value={chartOf.get(metric) ?? ''} onChange={({ target: { value } }) => chooseChart(metric, value)}>
              <option value="">{t('noChart')}</option>
              {charts.map(({ code, title }) => (
                <option key={code} value={code}>
                  {title}
                </option>
              ))}
            </Select>
          </Field>
        ))}
      </div>
    </Section>
  );
}

function Refused({ refused }: Pick<ImportPreview['found'], 'refused'>) {
  const t = useText(importWords);
  const { language } = usePreferences();
  return (
    <Section title={t('refusedTitle', { count: refused.length })}>
      <Table className={table}>
        <thead>
          <tr>
            <TableHead className="w-1/4">{t('rule')}</TableHead>
            <TableHead className="w-1/3">{t('where')}</TableHead>
            <TableHead>{t('reason')}</TableHead>
          </tr>
        </thead>
        <tbody>
          {refused.map(({ name, line, note, part }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: several rules may have the same name and be on one line
            <TableRow key={i}>
              <TableCell className={cell}>
                <bdi>{name}</bdi>
                <p className="text-faint text-sm">{t('inFile', { number: line })}</p>
              </TableCell>
              <TableCell className={cell}>
                {part && (
                  <>
                    <code dir="ltr" className="font-mono text-xs leading-5">
                      {part.text}
                    </code>
                    <p className="text-faint text-sm">{t('inExpression', { row: part.line, column: part.column })}</p>
                  </>
                )}
              </TableCell>
              <TableCell className={cell}>{describeImport(note, language)}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

function Imported({ preview: { found, plan } }: { preview: ImportPreview }) {
  const t = useText(importWords);
  const { language } = usePreferences();
  const steps = new Map(plan.steps.map((step) => [step.code, step]));
  const changeOf = (code: string) => {
    const step = steps.get(code);
    return step === undefined ? t('same') : step.kind === 'change' ? t('changed', { fields: step.fields.join(', ') }) : t('new');
  };
  return (
    <Section title={t('importedTitle', { count: found.imported.length })}>
      <Table className={table}>
        <thead>
          <tr>
            <TableHead className="w-1/4">{t('rule')}</TableHead>
            <TableHead className="w-1/6">{t('chart')}</TableHead>
            <TableHead className="w-1/6">{t('change')}</TableHead>
            <TableHead>{t('remarks')}</TableHead>
          </tr>
        </thead>
        <tbody>
          {found.imported.map(({ rule, notes }) => (
            <TableRow key={rule.code}>
              <TableCell className={cell}>
                <bdi>{rule.name}</bdi>
                <p className="text-faint text-sm">
                  <bdi>{rule.code}</bdi>
                </p>
              </TableCell>
              <TableCell className={cell}>
                <bdi>{rule.chartCode}</bdi>
              </TableCell>
              <TableCell className={cell}>{changeOf(rule.code)}</TableCell>
              <TableCell className={cell}>
                {notes.map((note) => (
                  <p key={`${note.code} ${JSON.stringify(note.params)}`}>{describeImport(note, language)}</p>
                ))}
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId} className="mb-1 font-medium">
        {title}
      </h3>
      <div className="overflow-hidden rounded-md border [&_tr:last-child>td]:border-b-0">{children}</div>
    </section>
  );
}

import { zodResolver } from '@hookform/resolvers/zod';
import { useMemo } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { z } from 'zod';
import { type DashboardBody, type DashboardRange, dashboardBody, folder } from '#common/contract/dashboards.ts';
import { everyValue, type Variable, variable } from '#common/contract/variables.ts';
import { readRange } from '#renderer/charts/range-picker/typed-range.ts';
import { parseRange, printRange } from '#renderer/domain/address.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { words } from './words.ts';

/** The settings as typed: everything is text until it is parsed. */
interface SettingsValues {
  title: string;
  description: string;
  folder: string;
  tags: string;
  range: string;
  refreshMs: string;
  variables: { name: string; label: string; kind: Variable['kind']; of: string; options: string; value: string }[];
}
type VariableValue = SettingsValues['variables'][number];
export type SettingsForm = UseFormReturn<SettingsValues>;

export const newVariable: VariableValue = { name: '', label: '', kind: 'options', of: '', options: '', value: everyValue };

/** Parses the range as stored or as people type one; null if it is neither. */
function readOwnRange(text: string): DashboardRange | null {
  const typed = readRange(text, Date.now(), 'UTC');
  const range = parseRange(text) ?? (typed.ok ? typed.range : null);
  if (range === null) return null;
  // The time zone is the reader's, so it isn't stored.
  return 'timeZone' in range ? { from: range.from, to: range.to } : range;
}

const list = (text: string) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const toVariable = ({ name, label, kind, of, options, value }: VariableValue) => ({
  name: name.trim(),
  label: label.trim(),
  kind,
  ...((kind === 'segment' || kind === 'label') && of.trim() !== '' ? { of: of.trim() } : {}),
  options: kind === 'options' ? list(options) : [],
  value: value.trim() === '' ? everyValue : value.trim(),
});

/** Holds the settings of a dashboard in a form; `submit` passes on the dashboard with the parsed settings. */
export function useSettingsForm(body: DashboardBody, onApply: (body: DashboardBody) => void) {
  const t = useText(words);
  const schema = useMemo(() => {
    const one = z.custom<VariableValue>().superRefine((value, context) => {
      for (const { path, message } of variable.safeParse(toVariable(value)).error?.issues ?? []) {
        context.addIssue({ code: 'custom', path, message });
      }
    });
    return z.object({
      title: z.string().trim().min(1, t('titleMissing')).max(120),
      description: z.string().max(2_000),
      folder,
      tags: z.string().refine((text) => dashboardBody.shape.tags.safeParse(list(text)).success),
      range: z.string().refine((text) => readOwnRange(text) !== null),
      refreshMs: z.string(),
      variables: z.array(one),
    });
  }, [t]);
  const form = useForm<SettingsValues>({
    resolver: zodResolver(schema),
    defaultValues: {
      title: body.title,
      description: body.description,
      folder: body.folder,
      tags: body.tags.join(', '),
      range: printRange(body.range),
      refreshMs: String(body.refreshMs),
      variables: body.variables.map(({ of = '', options, ...rest }) => ({ ...rest, of, options: options.join(', ') })),
    },
  });
  const submit = form.handleSubmit(({ tags, range, refreshMs, variables, ...rest }) => {
    const read = dashboardBody.safeParse({
      ...body,
      ...rest,
      tags: list(tags),
      range: readOwnRange(range) ?? body.range,
      refreshMs: Number(refreshMs),
      variables: variables.map(toVariable),
    });
    if (read.success) onApply(read.data);
    else form.setError('variables', { message: read.error.issues[0]?.message ?? '' });
  });
  return { form, submit };
}

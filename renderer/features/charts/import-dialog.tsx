import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import { definitionOf } from '#renderer/charts/definition-form/values.ts';
import { saveChart, useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { DiffView } from '#renderer/ui/diff-view.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Textarea } from '#renderer/ui/input.tsx';
import { Badge } from '#renderer/ui/parts.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import { type Offer, readImport } from './library.ts';
import { words } from './words.ts';

interface ImportDialogProps {
  connectionId: string;
  charts: readonly Chart[];
  onClose: () => void;
}

/** Definitions from a file or pasted: what each would do is shown before anything is done. */
export function ImportDialog({ connectionId, charts: known, onClose }: ImportDialogProps) {
  const t = useText(words);
  const { charts } = useConsole();
  const [text, setText] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const read = useMemo(() => (text.trim() === '' ? null : readImport(text, known, definitionOf)), [text, known]);
  const offers = read?.ok ? read.offers : [];
  const chosen = offers.filter(({ state, definition }) => state !== 'same' && !left.has(definition.code));
  const run = useMutation({
    mutationFn: async (all: readonly Offer[]) => {
      for (const offer of all) {
        const version = offer.state === 'replaces' ? offer.before.version : undefined;
        await saveChart(charts, connectionId, { chart: offer.definition, version });
      }
      return all.length;
    },
    onSuccess: (count) => {
      toast({ message: t('imported', { count }), lastsMs: 4_000 });
      onClose();
    },
  });
  const toggle = (code: string) => {
    const next = new Set(left);
    if (!next.delete(code)) next.add(code);
    setLeft(next);
  };
  const wrong = read && !read.ok ? read : null;
  const problem =
    wrong &&
    {
      unreadable: t('importUnreadable', { reason: wrong.reason }),
      wrong: t('importWrong', { place: wrong.place, reason: wrong.reason }),
      nothing: t('importNothing'),
    }[wrong.problem];
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('importTitle')}
      description={t('importAbout')}
      className="w-[min(52rem,100vw)]"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            disabledReason={run.isPending ? t('importing') : chosen.length === 0 ? (problem ?? t('importNothing')) : undefined}
            onClick={() => run.mutate(chosen)}
          >
            {t('importRun', { count: chosen.length })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 py-2">
        <label className="flex flex-col gap-1">
          <span className="font-medium text-muted text-sm">{t('importFile')}</span>
          <input type="file" accept="application/json,.json" onChange={(event) => void event.target.files?.[0]?.text().then(setText)} />
        </label>
        <Field label={t('importText')} error={problem ?? undefined}>
          <Textarea
            dir="ltr"
            rows={8}
            spellCheck={false}
            className="font-mono text-xs"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        {offers.map((offer) => (
          <section key={offer.definition.code} className="flex flex-col gap-1 border-t pt-2">
            <div className="flex items-center gap-2">
              {offer.state !== 'same' && (
                <Checkbox
                  aria-label={offer.definition.title}
                  checked={!left.has(offer.definition.code)}
                  onCheckedChange={() => toggle(offer.definition.code)}
                />
              )}
              <bdi>{offer.definition.title}</bdi>
              <span className="font-mono text-faint text-xs">{offer.definition.code}</span>
              <Badge className="ms-auto" tone={offer.state === 'replaces' ? 'attention' : 'neutral'}>
                {offer.state === 'new' && t('importNew')}
                {offer.state === 'same' && t('importSame')}
                {offer.state === 'replaces' && t('importReplaces', { version: offer.before.version })}
              </Badge>
            </div>
            {offer.state === 'replaces' && (
              <DiffView
                changes={diffDocuments(definitionOf(offer.before), offer.definition)}
                before={t('versionOf', { version: offer.before.version })}
                after={t('importCharts')}
              />
            )}
          </section>
        ))}
        {run.error && <ErrorState title={t('importFailed', { code: '' }).trim()} error={run.error} className="px-0" />}
      </div>
    </Sheet>
  );
}

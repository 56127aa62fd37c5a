import { useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Rule } from '#common/contract/rules.ts';
import { diffDocuments } from '#common/versions/diff.ts';
import { definitionOf } from '#renderer/charts/definition-form/values.ts';
import { type ChartChange, ChartChangeDialog, useRulesOfChange } from '#renderer/domain/chart-versions/chart-change-dialog.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { DiffView } from '#renderer/ui/diff-view.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Textarea } from '#renderer/ui/input.tsx';
import { Badge } from '#renderer/ui/parts.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import type { Offer } from './library.ts';
import { useImport, useOffers } from './use-import.ts';
import { words } from './words.ts';

interface ImportDialogProps {
  connectionId: string;
  charts: readonly Chart[];
  onClose: () => void;
}

/** Imports definitions from a file or pasted text. Previews what each would do first. */
export function ImportDialog({ connectionId, charts, onClose }: ImportDialogProps) {
  const t = useText(words);
  const { text, setText, offers, chosen, isChosen, toggle, problem } = useOffers(charts);
  const run = useImport(connectionId, onClose);
  const { begin, question } = useImportQuestion(connectionId, run.mutate);
  const denied = run.isPending ? t('importing') : chosen.length === 0 ? (problem ?? t('importNothing')) : undefined;
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
          <Button variant="primary" disabledReason={denied} onClick={() => begin(chosen)}>
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
        <Field label={t('importText')} error={problem}>
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
          <OneOffer key={offer.definition.code} offer={offer} isChosen={isChosen(offer)} onToggle={() => toggle(offer)} />
        ))}
        {run.error && <ErrorState title={t('importFailed', { code: '' }).trim()} error={run.error} className="px-0" />}
        {question}
      </div>
    </Sheet>
  );
}

/** Returns what the button of the import does: if rules would evaluate other series, it asks first, with `question`. */
function useImportQuestion(connectionId: string, run: ReturnType<typeof useImport>['mutate']) {
  const rulesOfChange = useRulesOfChange(connectionId);
  const [asked, setAsked] = useState<{ chosen: readonly Offer[]; changes: ChartChange[] } | null>(null);
  const begin = (chosen: readonly Offer[]) => {
    const changes = chosen.flatMap((offer): ChartChange[] => {
      if (offer.state !== 'replaces') return [];
      const rules = rulesOfChange(offer.before, offer.definition);
      return rules.length === 0 ? [] : [{ chart: offer.before, next: offer.definition, rules }];
    });
    if (changes.length > 0) setAsked({ chosen, changes });
    else run({ chosen, moved: [] });
  };
  const close = () => setAsked(null);
  const save = (moved: Rule[]) => {
    close();
    if (asked) run({ chosen: asked.chosen, moved });
  };
  const question = asked && <ChartChangeDialog connectionId={connectionId} changes={asked.changes} onSave={save} onClose={close} />;
  return { begin, question };
}

interface OneOfferProps {
  offer: Offer;
  isChosen: boolean;
  onToggle: () => void;
}

/** One definition to import: whether it is new here, or what it would change in the existing chart. */
function OneOffer({ offer, isChosen, onToggle }: OneOfferProps) {
  const t = useText(words);
  const { title, code } = offer.definition;
  return (
    <section className="flex flex-col gap-1 border-t pt-2">
      <div className="flex items-center gap-2">
        {offer.state !== 'same' && <Checkbox aria-label={title} checked={isChosen} onCheckedChange={onToggle} />}
        <bdi>{title}</bdi>
        <span className="font-mono text-faint text-xs">{code}</span>
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
  );
}

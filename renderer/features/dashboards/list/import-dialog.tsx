import { type ChangeEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import type { Imported } from '#common/contract/console/dashboards.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Textarea } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { DrawnLayout } from './drawn-layout.tsx';
import { lossText } from './import-report/loss-text.ts';
import { type Import, useImport } from './use-import.ts';
import { words } from './words.ts';

interface ImportProps {
  connectionId: string;
  taken: readonly string[];
  folder: string;
  onImported: (imported: Imported) => void;
  onClose: () => void;
}

/** Imports a dashboard from a file. First shows a preview with what can't be imported. */
export function ImportDialog({ connectionId, taken, folder: inFolder, onImported, onClose }: ImportProps) {
  const t = useText(words);
  const work = useImport({ connectionId, taken, inFolder, onImported });
  const imported = work.preview.data;
  const failed = work.keep.error ?? work.preview.error;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('importTitle')}
      description={t('importAbout')}
      className="top-[6vh] max-h-[88vh] w-[min(60rem,calc(100vw-2rem))]"
      footer={<Buttons work={work} onClose={onClose} />}
    >
      {!imported && <Source work={work} />}
      {imported && (
        <Preview imported={imported}>
          <Field label={t('folder')} hint={t('folderHint')} className="mt-3">
            <Input value={work.folder} onChange={(event) => work.setFolder(event.target.value)} />
          </Field>
        </Preview>
      )}
      {failed && <ErrorState title={t('importFailed')} error={failed} className="px-0" />}
    </Dialog>
  );
}

/** The buttons back and cancel, and the next step: preview or import. */
function Buttons({ work, onClose }: { work: Import; onClose: () => void }) {
  const t = useText(words);
  const kit = useText(common);
  const { text, preview, keep } = work;
  const imported = preview.data;
  return (
    <>
      {imported && (
        <>
          <Button onClick={work.startOver}>{t('importOther')}</Button>
          <span className="flex-1" />
        </>
      )}
      <Button onClick={onClose}>{kit('cancel')}</Button>
      {imported ? (
        <Button variant="primary" onClick={() => keep.mutate(imported)} disabledReason={keep.isPending ? t('saving') : undefined}>
          {t('keepImport')}
        </Button>
      ) : (
        <Button
          variant="primary"
          onClick={() => preview.mutate(text)}
          disabledReason={text.trim() === '' ? t('importAbout') : preview.isPending ? kit('loading') : undefined}
        >
          {t('look')}
        </Button>
      )}
    </>
  );
}

/** A file, or its text. */
function Source({ work: { text, setText, readFile } }: { work: Import }) {
  const t = useText(words);
  const input = useRef<HTMLInputElement>(null);
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    if (!file) return;
    await readFile(file);
    // Cleared, so that the same file can be chosen again after it was changed.
    event.target.value = '';
  };
  return (
    <div className="flex flex-col gap-3 pt-1">
      <div>
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          className="sr-only"
          tabIndex={-1}
          aria-hidden="true"
          onChange={choose}
        />
        <Button onClick={() => input.current?.click()}>{t('chooseFile')}</Button>
      </div>
      <Field label={t('importText')}>
        <Textarea
          value={text}
          onChange={(event) => setText(event.target.value)}
          dir="ltr"
          rows={10}
          spellCheck={false}
          className="font-mono text-xs"
        />
      </Field>
    </div>
  );
}

function Preview({ imported, children }: { imported: Imported; children: ReactNode }) {
  const t = useText(words);
  const { dashboard, notCarried, from } = imported;
  const panels = dashboard.panels.map((panel) => ({
    kind: panel.kind,
    type: panel.kind === 'chart' ? panel.drawing.type : '',
    place: panel.place,
  }));
  return (
    <div className="flex flex-col gap-5 pt-1">
      <div className="flex items-start gap-4">
        <div className="aspect-16/9 w-72 shrink-0 overflow-hidden rounded-md border bg-background">
          <DrawnLayout panels={panels} />
        </div>
        <div className="min-w-0 flex-1">
          <p className="font-medium text-lg">
            <bdi>{dashboard.title}</bdi>
          </p>
          <p className="text-muted">
            {t(from === 'grafana' ? 'fromGrafana' : 'fromHere')} · {t('wouldCome', { count: dashboard.panels.length })}
            {notCarried.length === 0 && ` · ${t('allCarried')}`}
          </p>
          {children}
        </div>
      </div>
      {notCarried.length > 0 && <NotCarried notCarried={notCarried} />}
    </div>
  );
}

/** Number of rows shown before "Show all". */
const firstLost = 200;

/** Lists what was not imported: where it was, and why. */
function NotCarried({ notCarried }: Pick<Imported, 'notCarried'>) {
  const t = useText(words);
  const { language } = usePreferences();
  const titleId = useId();
  const [all, setAll] = useState(false);
  const lost = useMemo(() => notCarried.map((one) => lossText(one, language)), [notCarried, language]);
  const shown = all ? lost : lost.slice(0, firstLost);
  const cell = 'wrap-anywhere py-2 align-top';
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId} className="mb-1 font-medium">
        {t('notCarried', { count: notCarried.length })}
      </h3>
      <div className="overflow-hidden rounded-md border [&_tr:last-child>td]:border-b-0">
        <Table className="table-fixed">
          <thead>
            <tr>
              <TableHead className="w-1/4">{t('where')}</TableHead>
              <TableHead className="w-[35%]">{t('what')}</TableHead>
              <TableHead>{t('why')}</TableHead>
            </tr>
          </thead>
          <tbody>
            {shown.map((one, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: several panels may be lost with the same title and reason
              <TableRow key={i}>
                <TableCell className={cell}>
                  <bdi>{one.where}</bdi>
                </TableCell>
                <TableCell className={cn(cell, 'font-mono text-xs leading-5')}>
                  <bdi>{one.what}</bdi>
                </TableCell>
                <TableCell className={cn(cell, 'text-muted')}>
                  <bdi>{one.why}</bdi>
                </TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </div>
      {lost.length > shown.length && (
        <Button className="mt-2" size="sm" onClick={() => setAll(true)}>
          {t('showAllLost', { count: lost.length })}
        </Button>
      )}
    </section>
  );
}

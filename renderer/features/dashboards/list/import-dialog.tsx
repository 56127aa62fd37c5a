import { useMutation } from '@tanstack/react-query';
import { type ChangeEvent, useRef, useState } from 'react';
import type { Imported } from '#common/contract/console/dashboards.ts';
import { useConsole } from '#renderer/link/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Textarea } from '#renderer/ui/input.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { words } from '../words.ts';
import { DrawnLayout } from './drawn-layout.tsx';
import { codeFor } from './tree.ts';

interface ImportProps {
  connectionId: string;
  taken: readonly string[];
  folder: string;
  onImported: (imported: Imported) => void;
  onClose: () => void;
}

/** Brings a dashboard in from a file: first what would come and what could not be carried, then it is kept. */
export function ImportDialog({ connectionId, taken, folder: inFolder, onImported, onClose }: ImportProps) {
  const t = useText(words);
  const kit = useText(common);
  const { dashboards } = useConsole();
  const file = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [folder, setFolder] = useState(inFolder);
  const look = useMutation({ mutationFn: (json: string) => dashboards.import({ connectionId, text: json, keep: false, folder }) });
  const keep = useMutation({
    mutationFn: ({ dashboard }: Imported) =>
      dashboards.import({
        connectionId,
        text,
        keep: true,
        folder,
        ...(taken.includes(dashboard.code) ? { code: codeFor(dashboard.title, taken) } : {}),
      }),
    onSuccess: onImported,
  });
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const [chosen] = event.target.files ?? [];
    if (!chosen) return;
    const json = await chosen.text();
    setText(json);
    look.mutate(json);
  };
  const seen = look.data;
  const failed = keep.error ?? look.error;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('importTitle')}
      description={t('importAbout')}
      className="w-[min(44rem,calc(100vw-2rem))]"
      footer={
        <>
          <Button onClick={onClose}>{kit('cancel')}</Button>
          {seen ? (
            <Button variant="primary" onClick={() => keep.mutate(seen)} disabledReason={keep.isPending ? t('saving') : undefined}>
              {t('keepImport')}
            </Button>
          ) : (
            <Button
              variant="primary"
              onClick={() => look.mutate(text)}
              disabledReason={text.trim() === '' ? t('importAbout') : look.isPending ? kit('loading') : undefined}
            >
              {t('look')}
            </Button>
          )}
        </>
      }
    >
      {!seen && (
        <div className="flex flex-col gap-3 pt-1">
          <div>
            <input
              ref={file}
              type="file"
              accept=".json,application/json"
              className="sr-only"
              tabIndex={-1}
              aria-hidden="true"
              onChange={read}
            />
            <Button onClick={() => file.current?.click()}>{t('chooseFile')}</Button>
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
      )}
      {seen && <Preview seen={seen} />}
      {seen && (
        <Field label={t('folder')} hint={t('folderHint')} className="mt-4">
          <Input value={folder} onChange={(event) => setFolder(event.target.value)} />
        </Field>
      )}
      {failed && <ErrorState title={t('importFailed')} error={failed} className="px-0" />}
    </Dialog>
  );
}

function Preview({ seen }: { seen: Imported }) {
  const t = useText(words);
  const { dashboard, notCarried, from } = seen;
  const panels = dashboard.panels.map((panel) => ({
    kind: panel.kind,
    type: panel.kind === 'chart' ? panel.drawing.type : '',
    place: panel.place,
  }));
  return (
    <div className="flex flex-col gap-4 pt-1">
      <div className="flex items-start gap-4">
        <div className="aspect-16/9 w-56 shrink-0 overflow-hidden rounded-md border bg-hover">
          <DrawnLayout panels={panels} />
        </div>
        <div className="min-w-0">
          <p className="font-medium text-lg">{dashboard.title}</p>
          <p className="text-muted">{t(from === 'grafana' ? 'fromGrafana' : 'fromHere')}</p>
          <p className="mt-1">{t('wouldCome', { count: dashboard.panels.length })}</p>
          {notCarried.length === 0 && <p className="text-muted">{t('allCarried')}</p>}
        </div>
      </div>
      {notCarried.length > 0 && (
        <section>
          <h3 className="mb-1">{t('notCarried', { count: notCarried.length })}</h3>
          <div className="max-h-64 overflow-auto rounded-md border">
            <Table>
              <thead>
                <tr>
                  <TableHead>{t('where')}</TableHead>
                  <TableHead>{t('what')}</TableHead>
                  <TableHead>{t('why')}</TableHead>
                </tr>
              </thead>
              <tbody>
                {notCarried.map((one) => (
                  <TableRow key={`${one.where}/${one.what}`}>
                    <TableCell dir="auto">{one.where}</TableCell>
                    <TableCell dir="auto">{one.what}</TableCell>
                    <TableCell dir="auto" className="text-muted">
                      {one.why}
                    </TableCell>
                  </TableRow>
                ))}
              </tbody>
            </Table>
          </div>
        </section>
      )}
    </div>
  );
}

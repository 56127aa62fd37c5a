import type { LoaderPreview } from '#common/contract/loaders.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Table, TableCell, TableHead, TableRow } from '#renderer/ui/table.tsx';
import { words } from './words.ts';

/** The rows that the SQL returns, below the problems a loader would have with them. */
export function PreviewResult({ result }: { result: LoaderPreview }) {
  const t = useText(words);
  const { columns, rows, problems, more, rowsRead } = result;
  return (
    <section aria-label={t('preview')} aria-live="polite" className="mt-4 flex flex-col gap-3 border-t pt-4">
      {problems.length === 0 && <StatusSymbol status="ok" label={t('previewFine')} />}
      <ul dir="ltr" className="flex flex-col gap-2 text-start">
        {problems.map(({ message, hint }) => (
          <li key={message}>
            <p className="text-attention">{message}</p>
            {hint !== undefined && <p className="text-muted text-sm">{hint}</p>}
          </li>
        ))}
      </ul>
      <h3 className="font-medium text-faint text-sm">{t(more ? 'previewMore' : 'previewRows', { count: rowsRead })}</h3>
      {rows.length > 0 && (
        <div dir="ltr" className="overflow-x-auto">
          <Table aria-label={t('rows')}>
            <thead>
              <tr>
                {columns.map((name, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
                  <TableHead key={i}>{name}</TableHead>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id, and never move
                <TableRow key={i}>
                  {row.map((cell, j) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <TableCell key={j} className="max-w-72 truncate whitespace-pre font-mono text-sm">
                      {cell === null ? <span className="text-faint">NULL</span> : String(cell)}
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </section>
  );
}

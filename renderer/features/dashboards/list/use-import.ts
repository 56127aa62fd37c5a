import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Imported, maxImportChars } from '#common/contract/console/dashboards.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { codeFor } from './tree.ts';
import { words } from './words.ts';

interface ImportOptions {
  connectionId: string;
  /** Codes that exist already. */
  taken: readonly string[];
  /** The folder to suggest. */
  inFolder: string;
  onImported: (imported: Imported) => void;
}

/** Holds the import of a dashboard: the text of its file, the preview, and the final import. */
export function useImport({ connectionId, taken, inFolder, onImported }: ImportOptions) {
  const t = useText(words);
  const { dashboards } = useConsole();
  const [text, setText] = useState('');
  const [folder, setFolder] = useState(inFolder);
  const preview = useMutation({
    mutationFn: async (json: string) => {
      if (json.length > maxImportChars) throw new Error(t('fileTooLarge', { max: maxImportChars / 1e6 }));
      return dashboards.import({ connectionId, text: json, keep: false, folder });
    },
  });
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
  const readFile = async (file: File) => {
    const json = await file.text();
    setText(json.length > maxImportChars ? '' : json);
    preview.mutate(json);
  };
  const startOver = () => {
    keep.reset();
    preview.reset();
  };
  return { text, setText, folder, setFolder, preview, keep, readFile, startOver };
}
export type Import = ReturnType<typeof useImport>;

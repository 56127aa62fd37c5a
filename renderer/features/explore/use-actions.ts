import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useRef, useState } from 'react';
import { places } from '#renderer/domain/places.ts';
import { useCopyLink } from '#renderer/ui/copy-link.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toastError } from '#renderer/ui/toast.tsx';
import { chartAsSaved, measuredDrawing, onlySeries } from './alert-chart.ts';
import type { Explorer } from './use-explorer.ts';
import { useExport } from './use-export.ts';
import { words } from './words.ts';

/** The open picker of the query line. */
export type OpenPicker = 'subject' | 'lines' | 'addQuery' | null;
/** The fields of the query line that a key can focus. */
export type QueryFields = Record<'aggregation' | 'bucket' | 'shape', RefObject<HTMLSelectElement | null>>;
/** The dialog or sheet over the explorer. */
type OpenDialog = 'range' | 'save' | 'add' | 'ready' | 'alert' | null;

/** Holds what is open in the explorer, and the actions of its buttons and keys. */
export function useExploreActions({ connection, question, shown, values }: Explorer) {
  const t = useText(words);
  const navigate = useNavigate();
  const [picker, openPicker] = useState<OpenPicker>(null);
  const [exportOpen, setExportOpen] = useState(false);
  const [dialog, openDialog] = useState<OpenDialog>(null);
  const chart = useRef<HTMLDivElement>(null);
  const fields: QueryFields = {
    aggregation: useRef<HTMLSelectElement>(null),
    bucket: useRef<HTMLSelectElement>(null),
    shape: useRef<HTMLSelectElement>(null),
  };
  const { drawing, subject } = question;
  const exportAs = useExport({ picture: shown.picture, drawing, what: subject?.what, chart });
  const share = useCopyLink();
  // A template without all its values draws nothing, so there is nothing to evaluate.
  const openAlert = (how: 'ready' | 'alert') => {
    try {
      if (drawing) measuredDrawing(drawing, values);
      const chart = Object.keys(values).length === 0 ? chartAsSaved(question)?.code : undefined;
      if (how === 'ready' || chart === undefined || drawing?.variables.length !== 0) openDialog(how);
      else void navigate(places.ruleEditor({ connection: connection?.id, chart, series: onlySeries(shown) }));
    } catch (problem) {
      toastError(t('makeAlertHint'), problem);
    }
  };
  return { picker, openPicker, exportOpen, setExportOpen, dialog, openDialog, openAlert, chart, fields, exportAs, share };
}
export type ExploreActions = ReturnType<typeof useExploreActions>;

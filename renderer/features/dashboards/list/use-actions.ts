import { useNavigate } from '@tanstack/react-router';
import type { DashboardSummary } from '#common/contract/dashboards.ts';
import { places } from '#renderer/domain/places.ts';
import { useConsole } from '#renderer/domain/queries/index.ts';
import { saveFile } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { bodyOf, useAskAgain } from '../use-change.ts';
import { codeFor } from './tree.ts';
import { words } from './words.ts';

interface ListActionsOptions {
  connectionId: string;
  /** Codes that exist already. */
  taken: readonly string[];
  onDuplicated: (code: string) => void;
}

/** Returns the actions on a dashboard of the list. Each shows why if it fails. */
export function useListActions({ connectionId, taken, onDuplicated }: ListActionsOptions) {
  const t = useText(words);
  const navigate = useNavigate();
  const { dashboards: service } = useConsole();
  const askAgain = useAskAgain(connectionId);
  const act = async (work: () => Promise<void>) => {
    try {
      await work();
      await askAgain();
    } catch (failure) {
      toastError(t('actFailed'), failure);
    }
  };
  return {
    open: (code: string, edit = false) => void navigate(places.dashboard(code, { edit: edit || undefined }, true)),
    star: ({ code, starred }: DashboardSummary) => act(() => service.star({ connectionId, code, starred: !starred })),
    duplicate: ({ code }: DashboardSummary) =>
      act(async () => {
        const { value } = await service.get({ connectionId, code });
        if (!value) return;
        const title = t('copyOf', { title: value.title }).slice(0, 120);
        const copy = codeFor(title, taken);
        await service.save({ connectionId, body: { ...bodyOf(value), title, code: copy }, version: null });
        onDuplicated(copy);
      }),
    saveAsFile: ({ code }: DashboardSummary) =>
      act(async () => {
        const { name, text } = await service.export({ connectionId, code });
        saveFile(name, text, 'application/json');
      }),
    remove: ({ code, title }: DashboardSummary) =>
      act(async () => {
        const { value } = await service.get({ connectionId, code });
        await service.remove({ connectionId, code });
        const bringBack = () =>
          act(async () => {
            if (value) await service.save({ connectionId, body: bodyOf(value), version: null });
            toast({ message: t('broughtBack', { title }), lastsMs: 4_000 });
          });
        toast({ message: t('deleted', { title }), ...(value ? { action: { label: t('undo'), run: () => void bringBack() } } : {}) });
      }),
  };
}
export type ListActions = ReturnType<typeof useListActions>;

import type { Settings } from '#common/contract/console/settings.ts';
import { useSaveSettings, useSettings } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toastError } from '#renderer/ui/toast.tsx';
import { messages } from './messages.ts';

/** Returns the settings and a function that changes them. Changes are shown at once; a toast reports if saving failed. */
export function useSetting(): [Settings, (change: Partial<Settings>) => void] {
  const t = useText(messages);
  const save = useSaveSettings();
  return [useSettings(), (change) => save(change, (error) => toastError(t('notSaved'), error))];
}

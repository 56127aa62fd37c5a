import { usePermission } from '#renderer/domain/permission.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { toast } from '#renderer/ui/toast.tsx';
import { nextComparison } from './question.ts';
import type { ExploreActions } from './use-actions.ts';
import type { Explorer } from './use-explorer.ts';
import { words } from './words.ts';

/** Binds keys to every action of the explorer. `a` belongs to the popups. */
export function useExploreKeys({ connection, address, set }: Explorer, actions: ExploreActions): void {
  const t = useText(words);
  const denied = usePermission(connection, 'OPERATOR', true);
  const { fields, openPicker, openDialog } = actions;
  const allowed = (run: () => void) => () =>
    denied === undefined ? run() : void toast({ message: denied, tone: 'problem', lastsMs: 4_000 });
  useKeys('screen', [
    { keys: 'w', title: t('what'), run: () => openPicker('subject') },
    { keys: 'l', title: t('lines'), run: () => openPicker('lines') },
    { keys: 'f', title: t('aggregation'), run: () => fields.aggregation.current?.focus() },
    { keys: 'b', title: t('bucket'), run: () => fields.bucket.current?.focus() },
    { keys: 'y', title: t('shape'), run: () => fields.shape.current?.focus() },
    { keys: 'c', title: t('compare'), run: () => set({ compare: nextComparison(address.compare) }) },
    { keys: 'm', title: t('addQuery'), run: () => openPicker('addQuery') },
    { keys: 't', title: t('typeRange'), run: () => openDialog('range') },
    { keys: 'd', title: t('values'), run: () => set({ table: address.table ? undefined : true }) },
    { keys: 'v', title: t('fit'), run: () => set({ fit: address.fit ? undefined : true }) },
    { keys: 'p', title: t('live'), run: () => set({ paused: address.paused ? undefined : true }) },
    { keys: 'e', title: t('exportAs'), run: () => actions.setExportOpen(true) },
    { keys: 'u', title: t('share'), run: actions.share },
    { keys: 's', title: t('saveHint'), run: allowed(() => openDialog('save')) },
    { keys: 'o', title: t('addHint'), run: allowed(() => openDialog('add')) },
    { keys: 'r', title: t('makeAlertHint'), run: allowed(() => actions.openAlert('alert')) },
  ]);
}

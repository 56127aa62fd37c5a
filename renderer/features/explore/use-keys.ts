import { useConnection } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { toast } from '#renderer/ui/toast.tsx';
import type { OpenPart, QueryFields } from './query-line.tsx';
import { type ExploreAddress, nextComparison } from './question.ts';
import { words } from './words.ts';

interface KeysAsk {
  address: ExploreAddress;
  set: (change: Partial<ExploreAddress>) => void;
  fields: QueryFields;
  onOpen: (part: OpenPart) => void;
  onRange: () => void;
  onSave: () => void;
  onAdd: () => void;
  onAlert: () => void;
  onExport: () => void;
  onShare: () => void;
}

/** Every action of the explorer by a key; `a` stays with the popups. */
export function useExploreKeys({ address, set, fields, onOpen, ...on }: KeysAsk): void {
  const t = useText(words);
  const { connection } = useConnection();
  const denied = usePermission(connection, 'OPERATOR', true);
  const allowed = (run: () => void) => () =>
    denied === undefined ? run() : void toast({ message: denied, tone: 'problem', lastsMs: 4_000 });
  useKeys('screen', [
    { keys: 'w', title: t('what'), run: () => onOpen('what') },
    { keys: 'l', title: t('lines'), run: () => onOpen('lines') },
    { keys: 'f', title: t('aggregation'), run: () => fields.aggregation.current?.focus() },
    { keys: 'b', title: t('bucket'), run: () => fields.bucket.current?.focus() },
    { keys: 'y', title: t('shape'), run: () => fields.shape.current?.focus() },
    { keys: 'c', title: t('compare'), run: () => set({ compare: nextComparison(address.compare) }) },
    { keys: 'm', title: t('beside'), run: () => onOpen('beside') },
    { keys: 't', title: t('typeRange'), run: on.onRange },
    { keys: 'd', title: t('values'), run: () => set({ table: address.table ? undefined : true }) },
    { keys: 'v', title: t('fit'), run: () => set({ fit: address.fit ? undefined : true }) },
    { keys: 'p', title: t('live'), run: () => set({ paused: address.paused ? undefined : true }) },
    { keys: 'e', title: t('exportAs'), run: on.onExport },
    { keys: 'u', title: t('share'), run: on.onShare },
    { keys: 's', title: t('saveHint'), run: allowed(on.onSave) },
    { keys: 'o', title: t('addHint'), run: allowed(on.onAdd) },
    { keys: 'r', title: t('makeAlertHint'), run: allowed(on.onAlert) },
  ]);
}

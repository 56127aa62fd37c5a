import { useCallback } from 'react';
import type { Panel } from '#common/contract/dashboards.ts';
import { panelName } from '#common/versions/words.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { places } from './words.ts';

type Place = keyof typeof places.en;
const isPlace = (name: string): name is Place => name in places.en;

/**
 * Names a place in a dashboard, chart or rule for people: `Panel “CPU” › Unit`.
 * @param documents versions in which a panel is looked up, the newest first
 */
export function usePlaceName(documents: readonly { panels?: readonly Panel[] }[]): (path: readonly string[]) => string {
  const t = useText(places);
  return useCallback(
    ([list = '', id, ...fields]) => {
      const word = (name: string) => (isPlace(name) ? t(name) : name);
      if (id === undefined) return word(list);
      const panel = documents.flatMap(({ panels = [] }) => panels).find((one) => list === 'panels' && one.id === id);
      const name = panel ? panelName(panel) || word(panel.kind) : id;
      const named = t(list === 'panels' ? 'panelNamed' : 'variableNamed', { name });
      // What a panel draws by itself is the panel, to whoever looks at it.
      return [named, ...fields.filter((field) => field !== 'drawing').map(word)].join(' › ');
    },
    [t, documents],
  );
}

/** What was done, as the backend notes it, in the person's language. */
export function useNote(): (note: string) => string {
  const t = useText(places);
  return (note) => {
    const back = /^rolled back to (\d+)$/.exec(note)?.[1];
    if (back !== undefined) return t('rolledBackTo', { version: back });
    return isPlace(note) ? t(note) : note;
  };
}

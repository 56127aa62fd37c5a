import { useCallback } from 'react';
import type { Panel } from '#common/contract/dashboards.ts';
import { panelName } from '#common/versions/words.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { places } from './words.ts';

type Place = keyof typeof places.en;
const isPlace = (name: string): name is Place => name in places.en;

/**
 * Returns a function that names a place in a dashboard, chart or rule: `Panel “CPU” › Unit`.
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
      // A panel's own drawing is not named: to people it is the panel.
      return [named, ...fields.filter((field) => field !== 'drawing').map(word)].join(' › ');
    },
    [t, documents],
  );
}

/** Returns a function that translates the backend's note about a version. */
export function useNote(): (note: string) => string {
  const t = useText(places);
  return (note) => {
    const back = /^rolled back to (\d+)$/.exec(note)?.[1];
    if (back !== undefined) return t('rolledBackTo', { version: back });
    return isPlace(note) ? t(note) : note;
  };
}

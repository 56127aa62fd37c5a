import { useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { DashboardBody, GridPlace } from '#common/contract/dashboards.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { titleOf } from '../view/values.ts';
import { inOrder, putPanel } from './layout.ts';
import { words } from './words.ts';

interface PanelKeys {
  body: DashboardBody;
  charts: readonly Chart[];
  selected: string | null;
  onSelect: (id: string | null) => void;
  onChange: (body: DashboardBody) => void;
  enabled: boolean;
}

/** Binds the arrow keys: they move the selected panel, with Shift they resize it. @returns an announcement for screen readers */
export function usePanelKeys({ body, charts, selected, onSelect, onChange, enabled }: PanelKeys): string {
  const t = useText(words);
  const rtl = usePreferences().language === 'ar';
  const [announcement, setAnnouncement] = useState('');
  const order = inOrder(body.panels);
  const panel = order.find(({ id }) => id === selected);

  const select = (by: number) => {
    const at = order.findIndex(({ id }) => id === selected);
    const next = order[at === -1 ? 0 : (at + by + order.length) % order.length];
    if (!next) return;
    onSelect(next.id);
    document.querySelector<HTMLElement>(`[data-panel="${CSS.escape(next.id)}"]`)?.focus();
  };
  const put = (change: Partial<GridPlace>) => {
    if (!panel) return select(1);
    const panels = putPanel(body.panels, panel.id, { ...panel.place, ...change });
    onChange({ ...body, panels });
    const place = panels.find(({ id }) => id === panel.id)?.place ?? panel.place;
    setAnnouncement(t('movedTo', { title: titleOf(panel, charts), x: place.x + 1, y: place.y + 1, w: place.w, h: place.h }));
  };
  const { x, y, w, h } = panel?.place ?? { x: 0, y: 0, w: 0, h: 0 };
  // "Back" is towards the start of the line: left, or right in right-to-left languages.
  const [back, on] = rtl ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'];
  // Moving up swaps a panel with the one above it.
  const above = Math.max(0, ...body.panels.filter(({ id, place }) => id !== selected && place.y < y).map(({ place }) => place.y));
  useKeys(
    'screen',
    [
      { keys: 'j', title: t('selectNext'), run: () => select(1) },
      { keys: 'k', title: t('selectPrevious'), run: () => select(-1) },
      { keys: on ?? '', title: t('moveByKeys'), run: () => put({ x: x + 1 }) },
      { keys: back ?? '', title: t('moveByKeys'), run: () => put({ x: x - 1 }), hidden: true },
      { keys: 'ArrowUp', title: t('moveByKeys'), run: () => put({ y: above }), hidden: true },
      { keys: 'ArrowDown', title: t('moveByKeys'), run: () => put({ y: y + Math.max(1, h) }), hidden: true },
      { keys: `Shift+${on}`, title: t('resizeByKeys'), run: () => put({ w: w + 1 }) },
      { keys: `Shift+${back}`, title: t('resizeByKeys'), run: () => put({ w: w - 1 }), hidden: true },
      { keys: 'Shift+ArrowUp', title: t('resizeByKeys'), run: () => put({ h: h - 1 }), hidden: true },
      { keys: 'Shift+ArrowDown', title: t('resizeByKeys'), run: () => put({ h: h + 1 }), hidden: true },
    ],
    enabled,
  );
  return announcement;
}

import type { Panel } from '#common/contract/dashboards.ts';
import { duplicatePanel, removePanel, replacePanel } from './layout.ts';
import type { Editor } from './use-editor.ts';

/** The edits of a single panel; the resulting panel is selected. */
export function usePanelEdits({ body, change }: Editor, onSelect: (id: string | null) => void) {
  return {
    add: (panel: Panel) => {
      change((before) => ({ ...before, panels: [...before.panels, panel] }));
      onSelect(panel.id);
    },
    duplicate: (id: string) => {
      const copy = duplicatePanel(body, id);
      change(copy.body);
      onSelect(copy.id);
    },
    replace: (panel: Panel) => change((before) => replacePanel(before, panel)),
    remove: (id: string) => {
      change((before) => removePanel(before, id));
      onSelect(null);
    },
  };
}
export type PanelEdits = ReturnType<typeof usePanelEdits>;

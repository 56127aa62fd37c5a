/** How a menu and a popover look: a panel above the page. */
export const panelLook = 'pop z-50 rounded-lg border border-border-strong bg-raised';

/** Where both stand: a little off what opened them, and off the edge of the window; px. */
export const panelPlace = { sideOffset: 4, collisionPadding: 8 } as const;

/**
 * For `onCloseAutoFocus`. A layer gives focus back in a timer after it is gone, and a key pressed at once comes before that timer: what the
 * key opened would lose its focus, and close as if somebody had clicked beside it. So focus is given back only while nothing has it.
 */
export function giveFocusBack(event: Event): void {
  const { activeElement, body } = document;
  if (activeElement !== null && activeElement !== body) event.preventDefault();
}

/** Classes of menus and popovers: a panel above the page. */
export const panelLook = 'pop z-50 rounded-lg border border-border-strong bg-raised';

/** Distance of menus and popovers from their opener and from the edge of the window, px. */
export const panelPlace = { sideOffset: 4, collisionPadding: 8 } as const;

/**
 * For `onCloseAutoFocus`. Radix returns focus in a timer after a layer has closed, and a key pressed at once comes before that timer: what
 * the key opened would lose its focus, and close as if somebody had clicked outside. So focus is returned only while nothing has it.
 */
export function giveFocusBack(event: Event): void {
  const { activeElement, body } = document;
  if (activeElement !== null && activeElement !== body) event.preventDefault();
}

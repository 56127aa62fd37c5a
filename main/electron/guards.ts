import type { DesktopApi, DesktopContents } from './api.ts';
import { openExternal } from './external.ts';
import { isOwn } from './origin.ts';

/** The only permission a page ever gets: "Copy link" writes text to the clipboard. */
const granted = 'clipboard-sanitized-write';

/** Denies what a page may ask of the computer. */
export function guardSession(session: DesktopApi['session']['defaultSession']): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(permission === granted && details.isMainFrame && isOwn(details.requestingUrl)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, _origin, details) => permission === granted && details.isMainFrame && isOwn(details.requestingUrl ?? ''),
  );
  session.setDevicePermissionHandler(() => false);
}

/** Keeps every page, whoever made it, where it is: no navigation elsewhere, no windows, no `<webview>`. */
export function guardContents(contents: DesktopContents, shell: DesktopApi['shell']): void {
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    // A link to elsewhere opens there; what may not be opened there is not opened at all.
    void openExternal(shell, url).catch(() => {});
    return { action: 'deny' };
  });
}

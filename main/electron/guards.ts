import type { DesktopApi, DesktopContents } from './api.ts';
import { openExternal } from './external.ts';
import { isOwn } from './origin.ts';

/** The only permission a page ever gets: "Copy link" writes text to the clipboard. */
const granted = 'clipboard-sanitized-write';

/** Denies the permissions that a page may request. */
export function guardSession(session: DesktopApi['session']['defaultSession']): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(permission === granted && details.isMainFrame && isOwn(details.requestingUrl)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, _origin, details) => permission === granted && details.isMainFrame && isOwn(details.requestingUrl ?? ''),
  );
  session.setDevicePermissionHandler(() => false);
}

/** Prevents every page from navigating elsewhere, opening windows and using `<webview>`. */
export function guardContents(contents: DesktopContents, shell: DesktopApi['shell']): void {
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    // An external link is opened outside the console, if its scheme is allowed.
    void openExternal(shell, url).catch(() => {});
    return { action: 'deny' };
  });
}

import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopApi } from './api.ts';

/** Sets the system's standard menus, with the usual shortcuts for copy and paste, zoom, full screen and quit. */
export function setMenu(menu: DesktopApi['Menu'], platform: NodeJS.Platform): void {
  const template: MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : [{ role: 'fileMenu' } as const]),
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ];
  menu.setApplicationMenu(menu.buildFromTemplate(template));
}

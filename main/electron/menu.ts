import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopApi } from './api.ts';

/** The system's own menus: they carry copy and paste, zoom, full screen and quit with the keys people know. */
export function setMenu(menu: DesktopApi['Menu'], platform: NodeJS.Platform): void {
  const template: MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : [{ role: 'fileMenu' } as const]),
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ];
  menu.setApplicationMenu(menu.buildFromTemplate(template));
}

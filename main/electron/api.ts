import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Dialog,
  IpcMain,
  Menu,
  MenuItemConstructorOptions,
  MessagePortMain,
  NativeImage,
  Notification,
  NotificationConstructorOptions,
  Protocol,
  Screen,
  Session,
  Shell,
  Tray,
  WebContents,
} from 'electron';

/** The part of Electron that the desktop host uses. The tests use a stand-in that is checked against it. */
export interface DesktopApi {
  app: Pick<
    App,
    | 'enableSandbox'
    | 'exit'
    | 'on'
    | 'quit'
    | 'requestSingleInstanceLock'
    | 'setAppUserModelId'
    | 'setAsDefaultProtocolClient'
    | 'setBadgeCount'
    | 'setPath'
    | 'whenReady'
  >;
  BrowserWindow: new (options: BrowserWindowConstructorOptions) => DesktopWindow;
  dialog: Pick<Dialog, 'showErrorBox'>;
  ipcMain: Pick<IpcMain, 'on'>;
  Menu: { buildFromTemplate(template: MenuItemConstructorOptions[]): Menu; setApplicationMenu(menu: Menu | null): void };
  MessageChannelMain: new () => { port1: DesktopPort; port2: MessagePortMain };
  nativeImage: { createFromPath(path: string): NativeImage };
  Notification: {
    new (options: NotificationConstructorOptions): Pick<Notification, 'close' | 'on' | 'show'>;
    isSupported(): boolean;
  };
  protocol: Pick<Protocol, 'handle' | 'registerSchemesAsPrivileged'>;
  screen: Pick<Screen, 'getAllDisplays' | 'on'>;
  session: {
    defaultSession: Pick<Session, 'setDevicePermissionHandler' | 'setPermissionCheckHandler' | 'setPermissionRequestHandler'>;
  };
  shell: Pick<Shell, 'openExternal'>;
  Tray: new (image: NativeImage) => Pick<Tray, 'destroy' | 'on' | 'setContextMenu' | 'setImage' | 'setTitle' | 'setToolTip'>;
}

export type DesktopPort = Pick<MessagePortMain, 'close' | 'on' | 'postMessage' | 'start'>;
export type DesktopContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;
export type DesktopWindow = Pick<
  BrowserWindow,
  | 'focus'
  | 'getNormalBounds'
  | 'isDestroyed'
  | 'isFocused'
  | 'isFullScreen'
  | 'isMaximized'
  | 'isMinimized'
  | 'loadURL'
  | 'maximize'
  | 'on'
  | 'once'
  | 'reload'
  | 'restore'
  | 'setBounds'
  | 'setFullScreen'
  | 'show'
> & { webContents: DesktopContents };

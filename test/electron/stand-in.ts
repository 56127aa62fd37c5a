import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type {
  App,
  BrowserWindowConstructorOptions,
  Display,
  IpcMain,
  Menu,
  MenuItemConstructorOptions,
  NativeImage,
  Notification,
  NotificationConstructorOptions,
  Screen,
  Session,
  Tray,
} from 'electron';
import type { Browser } from 'playwright-core';
import type { DesktopApi } from '../../main/electron/api.ts';
import { asDesktopWindow, ChromiumWindow, StandInChannel, type StandInFrame, type WindowWorld } from './chromium-window.ts';

class StandInNotification extends EventEmitter {
  readonly options: NotificationConstructorOptions;
  visible = false;
  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  show(): void {
    this.visible = true;
  }
  close(): void {
    this.visible = false;
  }
}

interface TrayState {
  image: string;
  tip: string;
  menu: MenuItemConstructorOptions[];
}

/**
 * Stands in for the part of Electron that the desktop host uses. Windows are real Chromium pages with the real preload; the rest
 * records its calls. Checked against Electron's own types by `satisfies DesktopApi`.
 */
export function createStandIn(browser: Browser, { locked = false } = {}) {
  const appEvents = new EventEmitter();
  const ipc = new EventEmitter();
  const screenEvents = new EventEmitter();
  const exit = Promise.withResolvers<number>();
  const notifications: StandInNotification[] = [];
  const opened: string[] = [];
  const errors: { title: string; content: string }[] = [];
  const asked: string[] = [];
  const tray: TrayState = { image: '', tip: '', menu: [] };
  const displays = [{ workArea: { x: 0, y: 0, width: 1_600, height: 1_000 } }] as Display[];
  const permissions: {
    request: Parameters<Session['setPermissionRequestHandler']>[0];
    check: Parameters<Session['setPermissionCheckHandler']>[0];
    device: Parameters<Session['setDevicePermissionHandler']>[0];
  } = { request: null, check: null, device: null };
  const badges = [0];
  const world: WindowWorld = {
    browser,
    schemes: new Map(),
    windows: [],
    receive: (channel, event) => ipc.emit(channel, event),
    created: (contents) => appEvents.emit('web-contents-created', {}, contents),
  };

  function quit(): void {
    let prevented = false;
    appEvents.emit('before-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) exit.resolve(0);
  }

  const api = {
    app: {
      enableSandbox: () => asked.push('enableSandbox'),
      exit: (code = 0) => exit.resolve(code),
      on: appEvents.on.bind(appEvents) as unknown as App['on'],
      quit,
      requestSingleInstanceLock: () => !locked,
      setAppUserModelId: () => {},
      setAsDefaultProtocolClient: (name) => asked.push(`setAsDefaultProtocolClient ${name}`) > 0,
      setBadgeCount: (count = 0) => {
        badges.push(count);
        return true;
      },
      setPath: () => {},
      whenReady: () => Promise.resolve(),
    },
    BrowserWindow: class {
      constructor(options: BrowserWindowConstructorOptions) {
        // biome-ignore lint/correctness/noConstructorReturn: stands in for a class of Electron's, whose instances come from elsewhere
        return asDesktopWindow(new ChromiumWindow(world, options));
      }
    } as unknown as DesktopApi['BrowserWindow'],
    dialog: { showErrorBox: (title, content) => errors.push({ title, content }) },
    ipcMain: { on: ipc.on.bind(ipc) as unknown as IpcMain['on'] },
    Menu: {
      buildFromTemplate: (template) => ({ template }) as unknown as Menu,
      setApplicationMenu: () => {},
    },
    MessageChannelMain: StandInChannel,
    nativeImage: {
      createFromPath(path) {
        // An icon that is not there would be an empty one, silently.
        if (readFileSync(path).length === 0) throw new Error(`${path} is empty.`);
        return { path } as unknown as NativeImage;
      },
    },
    Notification: class extends StandInNotification {
      static isSupported = () => true;
      constructor(options: NotificationConstructorOptions) {
        super(options);
        notifications.push(this);
      }
    } as unknown as { new (options: NotificationConstructorOptions): Pick<Notification, 'close' | 'on' | 'show'>; isSupported(): boolean },
    protocol: {
      handle: (scheme, handler) => world.schemes.set(scheme, handler as (request: Request) => Response | Promise<Response>),
      registerSchemesAsPrivileged: (schemes) => asked.push(`scheme ${schemes.map(({ scheme }) => scheme).join()}`),
    },
    screen: { getAllDisplays: () => displays, on: screenEvents.on.bind(screenEvents) as unknown as Screen['on'] },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler) => {
          permissions.request = handler;
        },
        setPermissionCheckHandler: (handler) => {
          permissions.check = handler;
        },
        setDevicePermissionHandler: (handler) => {
          permissions.device = handler;
        },
      },
    },
    shell: { openExternal: async (url) => void opened.push(url) },
    Tray: class extends EventEmitter {
      setImage(image: NativeImage) {
        tray.image = (image as unknown as { path: string }).path;
      }
      setToolTip(tip: string) {
        tray.tip = tip;
      }
      setTitle() {}
      setContextMenu(menu: Menu | null) {
        tray.menu = (menu as unknown as { template: MenuItemConstructorOptions[] } | null)?.template ?? [];
      }
      destroy() {}
    } as unknown as new () => Pick<Tray, 'destroy' | 'on' | 'setContextMenu' | 'setImage' | 'setTitle' | 'setToolTip'>,
  } satisfies DesktopApi;

  return {
    api,
    app: appEvents,
    quit,
    /** The status the application ended with. */
    exited: exit.promise,
    windows: world.windows,
    notifications,
    opened,
    errors,
    asked,
    tray,
    permissions,
    badges,
    /** Plugs other displays in. */
    plug(...areas: Electron.Rectangle[]) {
      displays.splice(0, displays.length, ...areas.map((workArea) => ({ workArea }) as Display));
      screenEvents.emit('display-metrics-changed');
    },
    /** As if a frame had asked over IPC. */
    ask: (channel: string, senderFrame: (Omit<StandInFrame, 'parent'> & { parent: unknown }) | null) => ipc.emit(channel, { senderFrame }),
  };
}
export type StandIn = ReturnType<typeof createStandIn>;

import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type {
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Event,
  HandlerDetails,
  MessagePortMain,
  WindowOpenHandlerResponse,
} from 'electron';
import type { Browser, Page, Route } from 'playwright-core';
import type { DesktopPort, DesktopWindow } from '../../main/electron/api.ts';

/** Chromium can't get a custom scheme from outside, so the page's origin replaces `app://watchfloor` in both directions. */
const pageOrigin = 'https://watchfloor.test';
const outside = (url: string) => url.replace(/^app:\/\/watchfloor/, pageOrigin);
const inside = (url: string) => url.replace(pageOrigin, 'app://watchfloor');

export interface WindowWorld {
  browser: Browser;
  /** Handlers given to `protocol.handle`, by scheme. */
  schemes: Map<string, (request: Request) => Response | Promise<Response>>;
  /** Messages that the page's preload sends by `ipcRenderer.send`. */
  receive(channel: string, event: { senderFrame: StandInFrame | null }): void;
  created(contents: unknown): void;
  windows: ChromiumWindow[];
}

/** Both ends of a channel; `port2` goes to a page and from then on `port1` is connected to that page. */
export class StandInChannel {
  static #next = 1;
  readonly port1: DesktopPort & { emit(event: string, ...args: unknown[]): boolean };
  readonly port2: MessagePortMain & { id: number };
  page: Page | null = null;

  constructor() {
    StandInChannel.#next += 1;
    const id = StandInChannel.#next;
    const events = new EventEmitter();
    const tell = (work: (page: Page) => Promise<unknown>) => {
      // A closed page receives nothing, as in Electron.
      if (this.page && !this.page.isClosed()) void work(this.page).catch(() => {});
    };
    this.port1 = Object.assign(events, {
      start() {},
      close: () => {
        tell((page) => page.evaluate((port) => standIn.closePort(port), id));
        events.emit('close');
      },
      postMessage: (data: unknown) => tell((page) => page.evaluate(([port, value]) => standIn.toPort(port, value), [id, data] as const)),
    }) as unknown as StandInChannel['port1'];
    this.port2 = { id, channel: this, close: () => events.emit('close') } as unknown as StandInChannel['port2'];
  }
}

export interface StandInFrame {
  url: string;
  parent: null;
  postMessage(channel: string, message: unknown, ports: MessagePortMain[]): void;
}

interface StandInInPage {
  deliver(channel: string, ports: number[]): void;
  toPort(port: number, data: unknown): void;
  closePort(port: number): void;
}
declare const standIn: StandInInPage;

/** A window of the desktop host with a real Chromium page in it, running the real preload. */
export class ChromiumWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly #world: WindowWorld;
  readonly shown: Promise<void>;
  page: Page | null = null;
  bounds: Electron.Rectangle;
  focused = false;
  visible = false;
  maximized = false;
  fullScreen = false;
  #destroyed = false;
  #opening: Promise<Page> | null = null;
  #openHandler: (details: HandlerDetails) => WindowOpenHandlerResponse = () => ({ action: 'allow' });
  readonly #channels: StandInChannel[] = [];
  readonly contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: (details: HandlerDetails) => WindowOpenHandlerResponse) => {
      this.#openHandler = handler;
    },
  });

  constructor(world: WindowWorld, options: BrowserWindowConstructorOptions) {
    super();
    this.#world = world;
    this.options = options;
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.shown = new Promise((resolve) => this.once('stand-in-shown', resolve));
    world.windows.push(this);
    world.created(this.contents);
  }

  async loadURL(url: string): Promise<void> {
    this.#opening ??= this.#open();
    const page = await this.#opening;
    await page.goto(outside(url), { waitUntil: 'domcontentloaded' });
    // Electron reports the first paint.
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    this.emit('ready-to-show');
  }

  async #open(): Promise<Page> {
    const context = await this.#world.browser.newContext({ viewport: { width: this.bounds.width, height: this.bounds.height } });
    const page = await context.newPage();
    this.page = page;
    await context.route('**/*', (route) => this.#serve(route));
    await page.exposeFunction('standInSend', (channel: string) => this.#world.receive(channel, { senderFrame: this.#frame(page) }));
    await page.exposeFunction('standInFromPort', (id: number, data: unknown) => {
      this.#channels.find(({ port2 }) => port2.id === id)?.port1.emit('message', { data, ports: [] });
    });
    const preload = readFileSync(this.options.webPreferences?.preload ?? '', 'utf8');
    await page.addInitScript(`if (window === top) { ${inPage}; (function (require, exports) { ${preload} })(() => standInElectron, {}); }`);
    context.on('page', (popup) => void this.#popup(popup));
    page.on('crash', () => this.contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }));
    return page;
  }

  async #serve(route: Route): Promise<void> {
    const request = route.request();
    const url = inside(request.url());
    if (request.isNavigationRequest() && request.frame().page() === this.page) {
      let prevented = false;
      const isMainFrame = request.frame() === this.page.mainFrame();
      this.contents.emit('will-frame-navigate', { url, isMainFrame, preventDefault: () => (prevented = true) });
      if (prevented) return route.abort('aborted');
    }
    const handler = this.#world.schemes.get(new URL(url).protocol.slice(0, -1));
    if (!handler) return route.abort('addressunreachable');
    const answer = await handler({ url, method: request.method() } as Request);
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  }

  async #popup(popup: Page): Promise<void> {
    if (popup === this.page) return;
    const url = await popup.evaluate(() => location.href).catch(() => 'about:blank');
    if (this.#openHandler({ url } as HandlerDetails).action === 'deny') await popup.close();
  }

  /** As when the page calls `window.open` or a link with a target is clicked. */
  openFromPage(url: string): WindowOpenHandlerResponse {
    return this.#openHandler({ url } as HandlerDetails);
  }

  #frame(page: Page): StandInFrame {
    return {
      url: inside(page.url()),
      parent: null,
      postMessage: (channel, _message, ports) => {
        const ids = ports.map((port) => {
          const { id, channel: own } = port as unknown as { id: number; channel: StandInChannel };
          own.page = page;
          this.#channels.push(own);
          page.once('framenavigated', (frame) => {
            if (frame === page.mainFrame() && !frame.url().startsWith(pageOrigin)) own.port1.emit('close');
          });
          return id;
        });
        void page.evaluate(([name, list]) => standIn.deliver(name, list), [channel, ids] as const).catch(() => {});
      },
    };
  }

  async reloadPage(): Promise<void> {
    for (const { port1 } of this.#channels.splice(0)) port1.emit('close');
    await this.page?.reload();
  }
  show(): void {
    this.visible = true;
    this.emit('stand-in-shown');
  }
  focus(): void {
    this.focused = true;
  }
  isFocused = () => this.focused;
  isDestroyed = () => this.#destroyed;
  minimized = false;
  isMinimized = () => this.minimized;
  restore(): void {
    this.minimized = false;
  }
  isMaximized = () => this.maximized;
  maximize(): void {
    this.maximized = true;
  }
  isFullScreen = () => this.fullScreen;
  setFullScreen(on: boolean): void {
    this.fullScreen = on;
  }
  getNormalBounds = () => this.bounds;
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds };
    this.emit('move');
  }
  async close(): Promise<void> {
    this.emit('close', {} as Event);
    this.#destroyed = true;
    for (const { port1 } of this.#channels.splice(0)) port1.emit('close');
    await this.closePage();
    this.emit('closed');
  }
  /** Closes what Chromium has of this window. A page that is still being set up is waited for: Playwright breaks when it is closed meanwhile. */
  async closePage(): Promise<void> {
    const page = await this.#opening;
    await page?.context().close();
  }
}

/** The object that Electron's constructor returns, checked against its types; `on` and `once` are the emitter's own. */
export function asDesktopWindow(window: ChromiumWindow): DesktopWindow {
  const { on, once } = window as unknown as Pick<BrowserWindow, 'on' | 'once'>;
  return Object.assign(window, {
    on,
    once,
    reload: () => void window.reloadPage(),
    webContents: window.contents as unknown as DesktopWindow['webContents'],
  }) satisfies DesktopWindow;
}

/** The page's side of Electron: just what a sandboxed preload can require. */
const inPage = `
const listeners = new Map();
const ports = new Map();
window.standIn = {
  deliver(channel, ids) {
    const given = ids.map((id) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => standInFromPort(id, data);
      ports.set(id, port1);
      return port2;
    });
    listeners.get(channel)?.({ ports: given });
  },
  toPort: (id, data) => ports.get(id)?.postMessage(data),
  closePort: (id) => ports.get(id)?.close(),
};
const standInElectron = {
  ipcRenderer: { send: (channel) => standInSend(channel), on: (channel, listener) => listeners.set(channel, listener) },
  contextBridge: { exposeInMainWorld: (name, value) => Object.defineProperty(window, name, { value }) },
};`;

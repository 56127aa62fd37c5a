import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { DesktopApi, DesktopWindow } from './api.ts';
import { origin } from './origin.ts';
import { displaysKey, minimumSize, placeWindow, rememberPlace, type SavedStates, savedStates, type WindowState } from './window-state.ts';

interface WindowOptions {
  api: Pick<DesktopApi, 'BrowserWindow' | 'screen'>;
  dataDir: string;
  preload: string;
  icon: string;
  log: Logger;
}

/** A crashed window is reloaded at most this often per minute. */
const reloadsAMinute = 3;
/** How long after the last change the position is stored, ms: displays settle and people stop dragging. */
const settleMs = 500;

/** The console's window. It is created when first shown, at its last position on these displays. */
export class MainWindow {
  readonly #options: WindowOptions;
  readonly #file: string;
  #window: DesktopWindow | null = null;
  #saved: SavedStates;
  #displays: string;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: WindowOptions) {
    this.#options = options;
    this.#file = join(options.dataDir, 'window.json');
    this.#saved = read(this.#file);
    const { screen } = options.api;
    this.#displays = displaysKey(screen.getAllDisplays());
    const changed = () => this.#later(() => this.#displaysChanged());
    screen.on('display-added', changed);
    screen.on('display-removed', changed);
    screen.on('display-metrics-changed', changed);
  }

  get isWatched(): boolean {
    return this.#live?.isFocused() ?? false;
  }

  /** Returns whether there is a window; otherwise `open` creates one. */
  get exists(): boolean {
    return this.#live !== null;
  }

  /** Brings the window to the front. */
  focus(): void {
    const window = this.#live;
    if (!window) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Creates the window and loads the page at a path; it is shown when the page's shell is painted. */
  open(place: string): void {
    const { api, preload, icon, log } = this.#options;
    const state = placeWindow(this.#saved, api.screen.getAllDisplays());
    const window = new api.BrowserWindow({
      x: state.x,
      y: state.y,
      width: state.width,
      height: state.height,
      minWidth: minimumSize.width,
      minHeight: minimumSize.height,
      show: false,
      title: 'Watchfloor',
      icon,
      backgroundColor: '#14171a',
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        spellcheck: false,
        // A covered console must still receive alerts in time.
        backgroundThrottling: false,
      },
    });
    this.#window = window;
    window.once('ready-to-show', () => {
      if (state.maximized) window.maximize();
      if (state.fullScreen) window.setFullScreen(true);
      window.show();
    });
    const moved = () => this.#later(() => this.#remember());
    window.on('resize', moved);
    window.on('move', moved);
    window.on('close', () => this.#remember());
    window.on('closed', () => {
      if (this.#window === window) this.#window = null;
    });
    const reloads: number[] = [];
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      log.error({ reason }, 'the window crashed');
      const now = Date.now();
      reloads.push(now);
      if (reloads.filter((at) => now - at < 60_000).length <= reloadsAMinute) window.reload();
    });
    this.load(place);
  }

  /** Reloads the page at a path. */
  load(place: string): void {
    this.#live?.loadURL(`${origin}${place}`).catch((error: unknown) => {
      // Another load replaced it: a link was opened while the page was loading.
      if ((error as { code?: string }).code !== 'ERR_ABORTED') this.#options.log.error({ err: error }, 'the page did not load');
    });
  }

  get #live(): DesktopWindow | null {
    return this.#window && !this.#window.isDestroyed() ? this.#window : null;
  }

  #later(work: () => void): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(work, settleMs);
  }

  #displaysChanged(): void {
    const displays = this.#options.api.screen.getAllDisplays();
    const key = displaysKey(displays);
    const window = this.#live;
    if (key === this.#displays || !window) return;
    this.#displays = key;
    // Restores the position for these displays; on new ones, moves the window to where it can be reached.
    const state = placeWindow(this.#saved, displays);
    if (window.isMaximized() || window.isFullScreen()) return;
    window.setBounds({ x: state.x, y: state.y, width: state.width, height: state.height });
    if (state.maximized) window.maximize();
  }

  #remember(): void {
    const displays = this.#options.api.screen.getAllDisplays();
    const window = this.#live;
    // While displays change, the system moves the window; that position was not chosen by the user.
    if (!window || window.isMinimized() || displaysKey(displays) !== this.#displays) return;
    const { x, y, width, height } = window.getNormalBounds();
    const state: WindowState = { x, y, width, height, maximized: window.isMaximized(), fullScreen: window.isFullScreen() };
    this.#saved = rememberPlace(this.#saved, displays, state);
    try {
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#saved), { mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'where the window is cannot be remembered');
    }
  }
}

/** If the file can't be read, the window gets its default position. */
function read(file: string): SavedStates {
  try {
    return savedStates.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

import { join } from 'node:path';
import type { Logger } from 'pino';
import { applyDelta } from '#common/contract/console/alert-list.ts';
import type { AlertsDelta, FeedAlert } from '#common/contract/console/alerts.ts';
import type { Notice, Settings } from '#common/contract/console/settings.ts';
import { type Host, type HostOptions, startHost } from '#core/launcher/host.ts';
import type { DesktopApi } from './api.ts';
import { deepLinkScheme, placeInArguments, placeOf } from './deep-link.ts';
import { openExternal } from './external.ts';
import { guardContents, guardSession } from './guards.ts';
import { setMenu } from './menu.ts';
import { createNotifications } from './notifications.ts';
import { scheme } from './origin.ts';
import { servePage } from './page.ts';
import { Ports } from './ports.ts';
import { runStages } from './stages.ts';
import { countWaiting, createTray } from './tray.ts';
import { MainWindow } from './window.ts';

export interface DesktopSetup extends Pick<HostOptions, 'backendUrl' | 'cli' | 'dataDir' | 'node' | 'threadUrl'> {
  api: DesktopApi;
  /** Folder of the product: `out/`, `resources/`. */
  root: string;
  /** The command line, for a link that the operating system passes. */
  args: readonly string[];
  platform: NodeJS.Platform;
  log: Logger;
}

/** Processes that have not stopped after this time are killed, ms. */
const stopWithinMs = 4_700;

/**
 * Starts the desktop host. Resolves when it is running, or at once when another one is, which then comes to the front.
 * @throws StageError naming the stage that failed
 */
export async function startDesktop(setup: DesktopSetup): Promise<void> {
  const { app } = setup.api;
  // One console per data folder; others may use other folders.
  app.setPath('userData', join(setup.dataDir, 'desktop'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const desktop = new Desktop(setup);
  await runStages(
    [
      { name: 'before Electron is ready', run: () => desktop.prepare() },
      { name: 'page', run: () => desktop.openPage() },
      { name: 'core', run: () => desktop.startCore() },
      { name: 'tray and notifications', run: () => desktop.showTray() },
    ],
    setup.log,
  );
}

/** The desktop host: its methods are the stages of the start-up, in this order. */
class Desktop {
  readonly #setup: DesktopSetup;
  #host: Host | null = null;
  #window: MainWindow | null = null;
  #ports: Ports | null = null;
  /** The path to open when there is a window. */
  #place: string | null;

  constructor(setup: DesktopSetup) {
    this.#setup = setup;
    this.#place = placeInArguments(setup.args);
  }

  prepare(): Promise<void> {
    const { api, platform } = this.#setup;
    const { app } = api;
    app.enableSandbox();
    app.setAppUserModelId('app.watchfloor.console');
    app.setAsDefaultProtocolClient(deepLinkScheme);
    api.protocol.registerSchemesAsPrivileged([
      { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
    app.on('second-instance', (_event, argv) => this.#show(placeInArguments(argv)));
    app.on('open-url', (event, url) => {
      event.preventDefault();
      this.#show(placeOf(url));
    });
    app.on('web-contents-created', (_event, contents) => guardContents(contents, api.shell));
    app.on('activate', () => this.#show(null));
    app.on('window-all-closed', () => {
      if (platform !== 'darwin') app.quit();
    });
    stopOnQuit(app, () => this.#host);
    return app.whenReady().then(() => {});
  }

  openPage(): void {
    const { api, root, dataDir, platform, log } = this.#setup;
    guardSession(api.session.defaultSession);
    api.protocol.handle(scheme, servePage(join(root, 'out/renderer')));
    setMenu(api.Menu, platform);
    this.#ports = new Ports(api);
    const preload = join(root, 'out/preload/index.cjs');
    this.#window = new MainWindow({ api, dataDir, preload, icon: join(root, 'resources/icon.png'), log });
    this.#window.open(this.#place ?? '/');
  }

  async startCore(): Promise<void> {
    const { api, backendUrl, cli, dataDir, log, node, threadUrl } = this.#setup;
    this.#host = await startHost({
      dataDir,
      host: 'electron',
      node,
      cli,
      log,
      openExternal: (url) => openExternal(api.shell, url),
      threadUrl,
      ...(backendUrl === undefined ? {} : { backendUrl }),
    });
    this.#ports?.serve(this.#host.rpc);
    this.#host.start();
  }

  async showTray(): Promise<void> {
    if (!this.#host) return;
    const { api, root, platform } = this.#setup;
    const { console } = this.#host;
    const show = (at: string | null) => this.#show(at);
    const tray = createTray({ api, resources: join(root, 'resources'), show });
    let alerts: FeedAlert[] = [];
    let { language } = await console.handlers.settings.get(undefined, new AbortController().signal);
    const updateTray = () => tray.update(countWaiting(alerts), language);
    const notifications = createNotifications({
      api,
      platform,
      language: () => language,
      isWatched: () => this.#window?.isWatched ?? false,
      goTo: show,
    });
    console.on((service, event, payload) => {
      if (service === 'alerts' && event === 'changed') {
        alerts = applyDelta(alerts, payload as AlertsDelta);
        updateTray();
        notifications.settle(alerts);
      }
      if (service === 'settings' && event === 'changed') {
        ({ language } = payload as Settings);
        updateTray();
      }
      if (service === 'notices' && event === 'shown') notifications.show(payload as Notice);
    });
    alerts = await console.handlers.alerts.list(undefined, new AbortController().signal);
    updateTray();
  }

  /** Shows the console, at a path if one is given. */
  #show(at: string | null): void {
    if (this.#window?.exists) {
      // A page that does not listen yet would miss the event, so it is loaded at that path.
      if (at !== null && this.#host?.rpc.isListening('system', 'navigate')) this.#host.console.navigate(at);
      else if (at !== null) {
        this.#ports?.leave();
        this.#window.load(at);
      }
      this.#window.focus();
    } else if (this.#window) this.#window.open(at ?? '/');
    else this.#place = at ?? this.#place;
  }
}

/** Delays quitting until the backend has stopped and the database is closed, but at most 5 s. */
function stopOnQuit(app: DesktopApi['app'], host: () => Host | null): void {
  let stopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    const running = host();
    const limit = setTimeout(() => {
      running?.kill();
      app.exit(1);
    }, stopWithinMs);
    void (running?.close() ?? Promise.resolve()).then(
      () => {
        clearTimeout(limit);
        app.exit(0);
      },
      () => app.exit(1),
    );
  });
}

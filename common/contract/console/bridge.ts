/**
 * The interface that the desktop host's preload exposes as `window.watchfloor`: only a way to request a port to the core. A port cannot
 * cross the context bridge as a value, so it arrives as a window message from the page's own origin.
 */
export interface ConsoleBridge {
  /** Requests a new port to the core; it arrives as a `portMessage` with the port in `event.ports[0]`. */
  connect(): void;
}

/** `data` of the window message that carries the port. */
export const portMessage = 'watchfloor:port';
/** Channels between preload and the desktop host. */
export const bridgeChannels = { askForPort: 'watchfloor:ask-for-port', port: 'watchfloor:port' } as const;

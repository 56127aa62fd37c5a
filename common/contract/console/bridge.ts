/**
 * What the desktop host's preload leaves on `window.watchfloor`: nothing but a way to ask for a port to the core. The
 * port cannot cross the context bridge as a value, so it arrives as a window message from the page's own origin.
 */
export interface ConsoleBridge {
  /** Asks the core for a fresh port; it arrives as a `portMessage` with the port in `event.ports[0]`. */
  connect(): void;
}

/** `data` of the window message that carries the port. */
export const portMessage = 'watchfloor:port';
/** Channels between preload and the desktop host. */
export const bridgeChannels = { askForPort: 'watchfloor:ask-for-port', port: 'watchfloor:port' } as const;

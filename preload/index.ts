import { contextBridge, ipcRenderer } from 'electron';
import { bridgeChannels, type ConsoleBridge, portMessage } from '#common/contract/console/bridge.ts';

/** The page's only bridge: it can request a port to the core, and gets nothing else of Electron. */
const bridge: ConsoleBridge = Object.freeze({
  connect: () => ipcRenderer.send(bridgeChannels.askForPort),
});

ipcRenderer.on(bridgeChannels.port, ({ ports }) => {
  // Ports can't cross the context bridge, but a window message to the page's own origin can transfer them.
  window.postMessage(portMessage, window.location.origin, ports);
});

contextBridge.exposeInMainWorld('watchfloor', bridge);

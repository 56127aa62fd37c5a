import { contextBridge, ipcRenderer } from 'electron';
import { bridgeChannels, type ConsoleBridge, portMessage } from '#common/contract/console/bridge.ts';

/** The only bridge to the page: it can ask for a port to the core and gets just that port. Nothing of Electron is exposed. */
const bridge: ConsoleBridge = Object.freeze({
  connect: () => ipcRenderer.send(bridgeChannels.askForPort),
});

ipcRenderer.on(bridgeChannels.port, ({ ports }) => {
  // Ports can't cross the context bridge, but a window message to the page's own origin can transfer them.
  window.postMessage(portMessage, window.location.origin, ports);
});

contextBridge.exposeInMainWorld('watchfloor', bridge);

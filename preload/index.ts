import { contextBridge, ipcRenderer } from 'electron';
import { bridgeChannels, type ConsoleBridge, portMessage } from '#common/contract/console/bridge.ts';

/** The only bridge: the page may ask for a port to the core, and gets the port itself. Nothing of Electron reaches it. */
const bridge: ConsoleBridge = Object.freeze({
  connect: () => ipcRenderer.send(bridgeChannels.askForPort),
});

ipcRenderer.on(bridgeChannels.port, ({ ports }) => {
  // Ports cannot cross the context bridge, but a window message to the page's own origin carries them.
  window.postMessage(portMessage, window.location.origin, ports);
});

contextBridge.exposeInMainWorld('watchfloor', bridge);

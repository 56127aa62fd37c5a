/** What a page notes while a threshold is moved. Times are those of `performance.now()`. */
export interface Probe {
  /** Moves of the threshold: when the first input that led to each happened. */
  steps: { at: number; threshold: number }[];
  /** When the firings of a threshold were painted. */
  redraws: { at: number; threshold: number }[];
  /** Lengths of the tasks over 50 ms, ms. */
  longTasks: number[];
}

/** Runs in the page, before its own scripts. */
export function installProbe(): void {
  const probe: Probe = { steps: [], redraws: [], longTasks: [] };
  Object.assign(globalThis, { probe });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longTasks.push(duration);
  }).observe({ type: 'longtask' });

  let firstInput: number | null = null;
  const note = ({ timeStamp }: Event) => {
    firstInput ??= timeStamp;
  };
  addEventListener('keydown', note, { capture: true });
  addEventListener('pointermove', note, { capture: true });

  let moved = Number.NaN;
  let redrawn = Number.NaN;
  const look = () => {
    const threshold = Number(document.querySelector('[role="slider"]')?.getAttribute('aria-valuenow') ?? Number.NaN);
    if (threshold !== moved && !Number.isNaN(threshold)) {
      if (firstInput !== null) probe.steps.push({ at: firstInput, threshold });
      firstInput = null;
      moved = threshold;
    }
    // Each firing says by which threshold it fired.
    const [, text] = /above (-?\d+(?:\.\d+)?)/.exec(document.querySelector('section ul li > :last-child')?.textContent ?? '') ?? [];
    if (text === undefined || Number(text) === redrawn) return;
    redrawn = Number(text);
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => probe.redraws.push({ at: performance.now(), threshold: Number(text) });
      painted.port2.postMessage(null);
    });
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ['aria-valuenow'] });
}

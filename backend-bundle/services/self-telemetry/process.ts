const beatMs = 100;

/** Measures this process: the longest delay of its event loop, CPU time, memory. */
export class ProcessWatch {
  #beat: NodeJS.Timeout | undefined;
  #lastBeat = 0;
  #longestMs = 0;
  #cpu = process.cpuUsage();
  #takenAt = performance.now();

  start(): void {
    this.#lastBeat = performance.now();
    this.#beat = setInterval(() => {
      const now = performance.now();
      this.#longestMs = Math.max(this.#longestMs, now - this.#lastBeat - beatMs);
      this.#lastBeat = now;
    }, beatMs).unref();
  }

  stop(): void {
    clearInterval(this.#beat);
  }

  /** Returns the values since the last call; `cpuPercent` is relative to one CPU core. */
  take(): { delayMs: number; cpuPercent: number; rssBytes: number; heapBytes: number } {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpuPercent = ((user + system) / 1_000 / Math.max(1, now - this.#takenAt)) * 100;
    const { rss, heapUsed } = process.memoryUsage();
    const taken = { delayMs: Math.max(0, this.#longestMs), cpuPercent, rssBytes: rss, heapBytes: heapUsed };
    this.#longestMs = 0;
    this.#cpu = process.cpuUsage();
    this.#takenAt = now;
    return taken;
  }
}

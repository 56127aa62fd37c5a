import type { SignalStore } from '../../engines/signals/port.ts';

/** Counts the points that a process has stored since the last call of `take`. */
export class StoredPoints {
  #signal = 0;
  #metric = 0;

  /** Wraps a store to count acknowledged points. */
  counting(store: SignalStore): SignalStore {
    const appendSignals: SignalStore['appendSignals'] = async (loaderCode, records) => {
      await store.appendSignals(loaderCode, records);
      this.#signal += records.t.length;
    };
    const appendSignalBatches: SignalStore['appendSignalBatches'] = async (batches) => {
      await store.appendSignalBatches(batches);
      for (const { records } of batches) this.#signal += records.t.length;
    };
    const appendMetrics: SignalStore['appendMetrics'] = async (metrics) => {
      await store.appendMetrics(metrics);
      for (const { points } of metrics) this.#metric += points.length;
    };
    const counted: Partial<SignalStore> = { appendSignals, appendSignalBatches, appendMetrics };
    return new Proxy(store, {
      get(target, name) {
        const own = counted[name as keyof SignalStore];
        if (own !== undefined) return own;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  take(): { signal: number; metric: number } {
    const taken = { signal: this.#signal, metric: this.#metric };
    this.#signal = 0;
    this.#metric = 0;
    return taken;
  }
}

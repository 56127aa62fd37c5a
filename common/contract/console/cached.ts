/** A cached copy and its time. */
export interface Cached<T> {
  value: T;
  /** When the backend last confirmed it, ms; null when it was never read. */
  asOf: number | null;
}

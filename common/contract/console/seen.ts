/** Last copy seen and its age. */
export interface Seen<T> {
  value: T;
  /** ms; null when the backend has never told. */
  asOf: number | null;
}

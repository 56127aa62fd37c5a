import type { Data } from './data.ts';

/** A store under measurement. What it can't do is absent. Times are measured by the caller. */
export interface BenchStore {
  /** Stores everything, durable at the end, as fast as it can. @returns ms, where it had to prepare something that does not count */
  load(data: Data): Promise<number | undefined>;
  /** Writes out and merges what it would in the background. */
  settle?(): Promise<void>;
  /** Bytes on disk for the points. */
  bytes(): Promise<number>;
  /** Average of every series by minute over everything. @returns buckets, to check that it did the work */
  minutes(data: Data): Promise<number>;
  /** All points of all series in the last hour. @returns points */
  lastHour(data: Data): Promise<number>;
  /** First, last, least and greatest value of one series in 2,000 columns over everything. @returns columns */
  pixels?(data: Data): Promise<number>;
  /** Closes, opens and answers for the newest point of a series. */
  reopen?(data: Data): Promise<void>;
  /** One point for each of 1,000 series, durable when it resolves. */
  tick?(at: number): Promise<void>;
  /** Most memory its process took, bytes; for a store within this process, the data to load included. */
  memory?(): Promise<number>;
  close(): Promise<void>;
}

export interface Peer {
  name: string;
  /** Why it can't be measured on this machine; null when it can. */
  missing(): string | null;
  open(folder: string): Promise<BenchStore>;
}

/** Of this process. */
export const ownMemory = async (): Promise<number> => process.resourceUsage().maxRSS * 1024;
export const liveSeries = 1_000;
export const pixelColumns = 2_000;

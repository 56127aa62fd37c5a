import type { Problem } from '#common/contract/console/connections.ts';

/** The settings with which a database thread starts. */
export interface DatabaseThreadSettings {
  file: string;
  role: 'writer' | 'reader';
  /** Operations that take longer are reported, ms. */
  slowMs: number;
  /** Epoch ms; names the copy of a damaged file. */
  now: number;
}

/** A call to a database thread: an operation by name, or `close`. */
export type DatabaseCall = { name: string; input: unknown } | { close: true };

/** Why a call failed. */
export interface DatabaseFailure extends Problem {
  /** True when the statement found damage in the file. */
  isDamage: boolean;
}

/** Reported by a thread without being asked. */
export interface SlowOperation {
  slow: string;
  durationMs: number;
}

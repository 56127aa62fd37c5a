import type { ErrorCode } from '#common/contract/errors.ts';
import type { Opening } from './open.ts';

/** Between the console's main thread and a database thread. */
export interface WorkerSettings {
  file: string;
  role: 'writer' | 'reader';
  /** Statements that take longer are reported, ms. */
  slowMs: number;
  now: number;
}
export type Request = { id: number; name: string; input: unknown } | 'close';
export interface WireError {
  code: ErrorCode;
  message: string;
  hint?: string;
}
export type Response =
  | { kind: 'ready'; opening: Opening }
  | { kind: 'refused'; error: WireError }
  | { kind: 'done'; id: number; output: unknown }
  | { kind: 'failed'; id: number; error: WireError; damage: boolean }
  | { kind: 'slow'; name: string; durationMs: number };

import { z } from 'zod';
import type { Problem } from './connections.ts';
import { event, method, nothing, service } from './rpc.ts';

export interface BackendPart {
  name: 'backend' | 'agent' | 'conveyor';
  state: 'stopped' | 'starting' | 'running' | 'failed';
  pid: number | null;
  /** When it entered this state, ms. */
  since: number;
  /** How long the start took, ms. */
  startedInMs: number | null;
  lastLine: string;
  /** Why it ended, if it should be running. */
  problem: Problem | null;
}

export interface BackendStatus {
  /** False when this console was started with `--backend URL`. */
  managed: boolean;
  parts: BackendPart[];
  /** When a process that died will be restarted, ms; null when none is. */
  restartAt: number | null;
}

/** The backend this console launches: its processes, their logs, start and stop. */
export const backend = service({
  methods: {
    status: method<BackendStatus>()(nothing),
    start: method<void>()(nothing),
    stop: method<void>()(nothing),
    /** The last lines of one part, oldest first. */
    log: method<string[]>()(
      z.strictObject({ part: z.enum(['backend', 'agent', 'conveyor']), lines: z.number().int().min(1).max(1000).default(200) }),
    ),
  },
  events: { changed: event<BackendStatus>() },
});

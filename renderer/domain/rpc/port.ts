import type { ToCore, ToRenderer } from '#common/contract/console/rpc.ts';

/** A connection to the core, over a MessagePort or a WebSocket. Once closed it stays closed. */
export interface RpcPort {
  send(frame: ToCore): void;
  close(): void;
}
export interface RpcPortEvents {
  message(frame: ToRenderer): void;
  /** Called at most once; `reason` is for people. */
  closed(reason: string): void;
}
/** Opens a connection; resolves when it can carry frames. */
export type OpenPort = (events: RpcPortEvents) => Promise<RpcPort>;

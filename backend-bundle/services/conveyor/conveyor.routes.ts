import { setTimeout as sleep } from 'node:timers/promises';
import { type ConveyorStatus, conveyor } from '#common/contract/conveyor.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../../engines/port.ts';
import { type AuditEntry, audit } from '../audit.ts';
import { type Caller, type Commit, type Route, routes } from '../service.ts';
import type { Control } from './conveyor.store.ts';
import type { ConveyorWatch } from './watch.ts';

/**
 * Endpoints that show and change the conveyor. The plant's database isn't ours, so a change is made there first; its audit entry and reply
 * are then stored in one transaction. A request that was interrupted in between can be repeated, because each change sets a state.
 */
export function conveyorRoutes({ database, now }: Engines<never>, control: Control, watch: ConveyorWatch): Route[] {
  interface Change {
    caller: Caller;
    commit: Commit<ConveyorStatus>;
    apply: () => void;
    entry: Pick<AuditEntry, 'action' | 'entity' | 'detail'>;
  }
  const change = async ({ caller, commit, apply, entry }: Change): Promise<ConveyorStatus> => {
    await inTurn(apply);
    const status = control.status(now());
    await commit(database, async (tx) => {
      await audit(tx, { actor: caller, ...entry, at: now() });
      return status;
    });
    watch.announce(status);
    return status;
  };

  return routes(conveyor, {
    status: () => control.status(now()),
    inject: ({ params: { belt }, body: { kind }, caller, commit }) => {
      const entry = { action: 'conveyor.fault_injected', entity: belt, detail: { kind } };
      return change({ caller, commit, apply: () => control.inject(belt, kind, caller.name, now()), entry });
    },
    clear: ({ params: { belt }, caller, commit }) =>
      change({ caller, commit, apply: () => control.clear(belt), entry: { action: 'conveyor.fault_cleared', entity: belt } }),
    producer: ({ body: { running }, caller, commit }) => {
      const entry = { action: running ? 'conveyor.started' : 'conveyor.stopped', entity: 'producer' };
      return change({ caller, commit, apply: () => control.setRunning(running), entry });
    },
  });
}

/** Waits until the producer, which writes its history in large transactions after its first start, lets the change through. */
async function inTurn(change: () => void): Promise<void> {
  for (let left = 3; ; left--) {
    try {
      change();
      return;
    } catch (error) {
      const busy = error instanceof AppError && (error.cause as { code?: string } | undefined)?.code === 'SQLITE_BUSY';
      if (!busy || left === 0) throw error;
      await sleep(100);
    }
  }
}

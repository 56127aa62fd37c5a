import { setTimeout as sleep } from 'node:timers/promises';
import { type ConveyorStatus, conveyor } from '#common/contract/conveyor.ts';
import { AppError } from '#common/contract/errors.ts';
import { audit } from '../audit.ts';
import { type Caller, type MakeService, routes } from '../service.ts';
import { openControl } from './control.ts';

/** How often consoles are told, ms. */
const announceEveryMs = 2_000;

/** The producer writes its history in large pieces just after its first start: a change waits for its turn between them. */
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

/**
 * Shows the reference workload and lets operators make it misbehave. It meets the producer only in the plant's database.
 * @param file the SQLite file that the producer writes
 */
export function makeConveyor(file: string): MakeService<never> {
  return (engines) => {
    const control = openControl(file);
    let timer: NodeJS.Timeout | undefined;
    let announced = '';
    let problem: string | undefined;

    const announce = (): ConveyorStatus => {
      const status = control.status(engines.now());
      const text = JSON.stringify(status);
      if (text !== announced) engines.bus.announce('conveyor.changed', status);
      announced = text;
      return status;
    };
    const watch = () => {
      try {
        announce();
        problem = undefined;
      } catch (error) {
        problem = error instanceof AppError ? error.message : 'The conveyor could not be read.';
        if (!(error instanceof AppError)) engines.log.error({ err: error }, 'the conveyor could not be read');
      }
    };
    const record = (caller: Caller, action: string, entity: string, detail: Record<string, unknown> = {}) =>
      audit(engines.database.query, { actor: caller, action, entity, detail, at: engines.now() });

    return {
      name: 'conveyor',
      routes: routes(conveyor, {
        status: () => control.status(engines.now()),
        inject: async ({ params, body, caller }) => {
          await inTurn(() => control.inject(params.belt, body.kind, caller.name, engines.now()));
          await record(caller, 'conveyor.fault_injected', params.belt, { kind: body.kind });
          return announce();
        },
        clear: async ({ params, caller }) => {
          await inTurn(() => control.clear(params.belt));
          await record(caller, 'conveyor.fault_cleared', params.belt);
          return announce();
        },
        producer: async ({ body, caller }) => {
          await inTurn(() => control.setRunning(body.running));
          await record(caller, body.running ? 'conveyor.started' : 'conveyor.stopped', 'producer');
          return announce();
        },
      }),
      start: async () => {
        watch();
        timer = setInterval(watch, announceEveryMs);
      },
      stop: async () => {
        clearInterval(timer);
        control.close();
      },
      health: () =>
        problem === undefined ? { name: 'conveyor', status: 'up' } : { name: 'conveyor', status: 'degraded', detail: problem },
    };
  };
}

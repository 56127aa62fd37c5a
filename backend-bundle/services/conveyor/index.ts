import type { MakeService } from '../service.ts';
import { conveyorRoutes } from './conveyor.routes.ts';
import { Control } from './conveyor.store.ts';
import { ConveyorWatch } from './watch.ts';

/**
 * Shows the reference workload and lets operators inject faults. It communicates with the producer only through the plant's database.
 * @param file the SQLite file that the producer writes
 */
export function makeConveyor(file: string): MakeService<never> {
  return (engines) => {
    const control = new Control(file);
    const watch = new ConveyorWatch(engines, control);
    return {
      name: 'conveyor',
      routes: conveyorRoutes(engines, control, watch),
      start: async () => watch.start(),
      stop: async () => {
        watch.stop();
        control.close();
      },
      health: () =>
        watch.problem === null ? { name: 'conveyor', status: 'up' } : { name: 'conveyor', status: 'degraded', detail: watch.problem },
    };
  };
}

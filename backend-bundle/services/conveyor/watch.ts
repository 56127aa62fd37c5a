import type { ConveyorStatus } from '#common/contract/conveyor.ts';
import { AppError } from '#common/contract/errors.ts';
import type { Engines } from '../../engines/port.ts';
import type { Control } from './conveyor.store.ts';

/** How often the plant's database is read, ms. */
const everyMs = 2_000;

/** Publishes the state of the conveyor whenever it changes. */
export class ConveyorWatch {
  readonly #engines: Pick<Engines, 'bus' | 'log' | 'now'>;
  readonly #control: Control;
  #timer: NodeJS.Timeout | undefined;
  #announced = '';
  #problem: string | null = null;

  constructor(engines: Pick<Engines, 'bus' | 'log' | 'now'>, control: Control) {
    this.#engines = engines;
    this.#control = control;
  }

  /** Why the conveyor can't be read; null when it can. */
  get problem(): string | null {
    return this.#problem;
  }

  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  announce(status: ConveyorStatus): void {
    const text = JSON.stringify(status);
    if (text !== this.#announced) this.#engines.bus.announce('conveyor.changed', status);
    this.#announced = text;
  }

  #look(): void {
    try {
      this.announce(this.#control.status(this.#engines.now()));
      this.#problem = null;
    } catch (error) {
      this.#problem = error instanceof AppError ? error.message : 'The conveyor could not be read.';
      if (!(error instanceof AppError)) this.#engines.log.error({ err: error }, 'the conveyor could not be read');
    }
  }
}

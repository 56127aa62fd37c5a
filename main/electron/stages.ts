import type { Logger } from 'pino';

/** One step of the start-up. What it returns, if anything, is awaited before the next begins. */
export interface Stage {
  name: string;
  run(): void | Promise<void>;
}

/** Says which stage of the start-up failed. */
export class StageError extends Error {
  readonly stage: string;

  constructor(stage: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'StageError';
    this.stage = stage;
  }
}

/** Runs the stages one after the other, noting how long each took. @throws StageError naming the one that failed; the rest is not begun */
export async function runStages(stages: readonly Stage[], log: Logger): Promise<void> {
  for (const { name, run } of stages) {
    const began = performance.now();
    try {
      await run();
    } catch (cause) {
      throw new StageError(name, cause);
    }
    log.info({ stage: name, ms: Math.round(performance.now() - began) }, `start-up: ${name}`);
  }
}

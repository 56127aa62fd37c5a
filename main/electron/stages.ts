import type { Logger } from 'pino';

/** One stage of the start-up. Its promise, if any, is awaited before the next stage starts. */
export interface Stage {
  name: string;
  run(): void | Promise<void>;
}

/** Thrown when a stage of the start-up failed; names the stage. */
export class StageError extends Error {
  readonly stage: string;

  constructor(stage: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'StageError';
    this.stage = stage;
  }
}

/**
 * Runs the stages one after the other and logs how long each took. @throws StageError naming the failed stage; later stages are not started
 */
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

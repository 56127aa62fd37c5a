import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, RetryLaterError } from '#common/contract/client.ts';
import type { Plan, PlanStep } from '#common/rules/plan.ts';

/** The result of a plan: each step is in one of the lists. */
export interface Applied {
  done: PlanStep[];
  /** The step at which it ended. Without an answer from the backend, the step may have taken effect. */
  failed: { step: PlanStep; error: unknown } | null;
  skipped: PlanStep[];
}

/** Applies a plan step by step, and ends at the first step that fails. Waits where the backend asks to. */
export async function applyPlan(client: Client, { steps }: Plan): Promise<Applied> {
  for (const [i, step] of steps.entries()) {
    try {
      await applyStep(client, step, randomUUID());
    } catch (error) {
      return { done: steps.slice(0, i), failed: { step, error }, skipped: steps.slice(i + 1) };
    }
  }
  return { done: [...steps], failed: null, skipped: [] };
}

async function applyStep({ rules }: Client, step: PlanStep, idempotencyKey: string): Promise<void> {
  for (;;) {
    try {
      if (step.kind === 'create') await rules.create({ body: step.rule }, { idempotencyKey });
      else if (step.kind === 'delete') await rules.remove({ params: { code: step.code } }, { idempotencyKey });
      else await rules.update({ params: { code: step.code }, body: { ...step.rule, version: step.version } }, { idempotencyKey });
      return;
    } catch (error) {
      if (!(error instanceof RetryLaterError && error.code === 'rate_limited')) throw error;
      await sleep(error.retryAfterMs);
    }
  }
}

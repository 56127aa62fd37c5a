import { AppError } from '#common/contract/errors.ts';
import type { AlertMatcher, MaintenanceInput } from '#common/contract/policies.ts';
import { formatDuration, formatSetDuration } from '#common/format.ts';
import { findMaintenanceProblem } from '#common/policies/maintenance.ts';
import { findMatchersProblem } from '#common/policies/matchers.ts';
import { dayMs } from '#common/time/durations.ts';

/** Maximum duration of a silence, ms: what is silenced for longer is forgotten. */
const maxSilenceMs = 90 * dayMs;

/** @param field the field of the request that holds the matchers. @throws AppError validation_failed */
export function checkMatchers(matchers: readonly AlertMatcher[], field: string): void {
  const problem = findMatchersProblem(matchers);
  if (problem === null) return;
  if (problem.reason === 'bad_expression')
    throw new AppError('validation_failed', `The regular expression ${problem.pattern} can’t be read: ${problem.detail}.`, {
      field: `${field}.${problem.index}.value`,
      hint: 'Use the syntax of RE2, as in Prometheus. Put a backslash before a character that stands for itself.',
    });
  throw new AppError('validation_failed', 'These matchers select every alert that lacks the labels.', {
    field,
    hint: 'Add a matcher for a value that isn’t empty, such as severity="WARNING".',
  });
}

/** @throws AppError validation_failed */
export function checkSilenceTimes({ startsAt, endsAt }: { startsAt: number; endsAt: number }, now: number): void {
  const refuse = (message: string, hint: string) => new AppError('validation_failed', message, { field: 'endsAt', hint });
  if (endsAt <= startsAt) throw refuse('The silence would end before it starts.', 'Choose an end after the start.');
  if (endsAt <= now) throw refuse(`The silence would have ended ${formatDuration(now - endsAt)} ago.`, 'Choose a time ahead.');
  if (endsAt - startsAt > maxSilenceMs)
    throw refuse(
      `A silence lasts ${formatSetDuration(maxSilenceMs)} at most; this one would last ${formatDuration(endsAt - startsAt)}.`,
      'Choose an earlier end, or change the rule.',
    );
}

/** @throws AppError validation_failed */
export function checkMaintenance(window: MaintenanceInput): void {
  checkMatchers(window.matchers, 'matchers');
  const problem = findMaintenanceProblem(window);
  if (problem === null) return;
  const { field, reason, of } = problem;
  const [message, hint] = {
    no_such_date: [`There is no date ${of}.`, 'Choose a date of the calendar.'],
    bad_part: [
      `A recurrence can’t contain ${of}.`,
      'Use FREQ, INTERVAL, COUNT, UNTIL and the BY parts for days, weeks and months (RFC 5545).',
    ],
    bad_frequency: [`A window can’t recur ${of}.`, 'Use DAILY, WEEKLY, MONTHLY or YEARLY.'],
    bad_rule: [`The recurrence can’t be read: ${of}.`, 'Write it as in RFC 5545, such as FREQ=WEEKLY;BYDAY=SU.'],
    never_opens: [`A window that recurs by ${of} never opens.`, 'Choose days that exist.'],
  }[reason] as [string, string];
  throw new AppError('validation_failed', message, { field, hint });
}

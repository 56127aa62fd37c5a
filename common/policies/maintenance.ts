import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { MaintenanceInput } from '../contract/policies.ts';
import { dayMs } from '../time/durations.ts';
import type { Interval } from '../time/intervals.ts';
import { atWall, wallOf } from '../time/zone.ts';

/** A maintenance window's times. */
export type MaintenanceTimes = Pick<MaintenanceInput, 'timeZone' | 'startsAt' | 'durationMs' | 'recurrence'>;

/** Parts of a recurrence rule (RFC 5545, section 3.3.10) that a window may use. Windows open at the time of day of their start. */
const parts = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTH', 'BYMONTHDAY', 'BYSETPOS', 'BYWEEKNO', 'BYYEARDAY', 'WKST'];
const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
/** A window that doesn't open within this time after its start never does: two leap days can be eight years apart. */
const opensWithinMs = 9 * 366 * dayMs;
/** How far ahead the next opening is looked for, step by step, ms. */
const horizonsMs = [2, 32, 366].map((days) => days * dayMs);

/** Why a window can't be used. `of` is the text that is wrong. */
export interface MaintenanceProblem {
  field: 'startsAt' | 'recurrence';
  reason: 'no_such_date' | 'bad_part' | 'bad_frequency' | 'bad_rule' | 'never_opens';
  of: string;
}

/** Returns why a window's times can't be used; null when they can. */
export function findMaintenanceProblem(times: MaintenanceTimes): MaintenanceProblem | null {
  const start = readWall(times.startsAt);
  if (start === null) return { field: 'startsAt', reason: 'no_such_date', of: times.startsAt };
  if (times.recurrence === null) return null;
  const problem = (reason: MaintenanceProblem['reason'], of: string) => ({ field: 'recurrence' as const, reason, of });
  for (const part of times.recurrence.split(';')) {
    const [name = '', value = ''] = part.split('=');
    if (!parts.includes(name) || value === '') return problem('bad_part', part);
    if (name === 'FREQ' && !frequencies.includes(value)) return problem('bad_frequency', value);
  }
  try {
    const opens = startsOnWall(times, { from: start, to: start + opensWithinMs }).length > 0;
    return opens ? null : problem('never_opens', times.recurrence);
  } catch (error) {
    return problem('bad_rule', error instanceof Error ? error.message : String(error));
  }
}

/**
 * Returns when a window is open, in order, as far as it overlaps an interval; epoch ms. Times are those of the zone's wall clock: a start
 * that the clocks skip is moved to when they have been put forward, and an end that they show twice is the first.
 * @throws Error for times that `findMaintenanceProblem` refuses
 */
export function maintenanceIntervals(times: MaintenanceTimes, { from, to }: Interval): Interval[] {
  // On the wall clock times differ from UTC by less than a day, and clocks change by less than one.
  const wall = { from: from - times.durationMs - 2 * dayMs, to: to + 2 * dayMs };
  return startsOnWall(times, wall)
    .map((start) => ({ from: atWall(start, times.timeZone), to: atWall(start + times.durationMs, times.timeZone) }))
    .filter((open) => open.from < to && open.to > from && open.from < open.to);
}

/** Returns when an open window closes, or a closed one opens next, epoch ms; `at` is null when that is more than a year away. */
export function nextMaintenanceChange(times: MaintenanceTimes, now: number): { isOpen: boolean; at: number | null } {
  const end = openUntil(times, now);
  if (end !== null) return { isOpen: true, at: end > now + 366 * dayMs ? null : end };
  for (const horizonMs of horizonsMs) {
    const [next] = maintenanceIntervals(times, { from: now, to: now + horizonMs });
    if (next !== undefined) return { isOpen: false, at: next.from };
  }
  return { isOpen: false, at: null };
}

/** Returns when a window that is open at `now` closes, although one opening may run into the next; null when it is closed. */
function openUntil(times: MaintenanceTimes, now: number): number | null {
  let end: number | null = null;
  for (let at = now; at <= now + 366 * dayMs; at = end) {
    const open = maintenanceIntervals(times, { from: at, to: at + 1 });
    if (open.length === 0) break;
    end = Math.max(...open.map(({ to }) => to));
  }
  return end;
}

/** Starts of a window on the wall clock, in epoch ms as if it were UTC. */
function startsOnWall(times: MaintenanceTimes, { from, to }: Interval): number[] {
  const start = readWall(times.startsAt);
  if (start === null) throw new Error(`${times.startsAt} is not a date and time.`);
  const rule = ruleOf(times);
  if (rule === null) return start >= from && start <= to ? [start] : [];
  return rule.between(new Date(from), new Date(to), true).map(({ epochMilliseconds }) => epochMilliseconds);
}

const rules = new Map<string, RRuleTemporal>();

/** Returns the window's recurrence, counted on the wall clock as if that were UTC; null without one. @throws Error if it can't be read */
function ruleOf({ startsAt, timeZone, recurrence }: MaintenanceTimes): RRuleTemporal | null {
  if (recurrence === null) return null;
  const key = `${startsAt} ${timeZone} ${recurrence}`;
  let rule = rules.get(key);
  if (rule === undefined) {
    const dtstart = Temporal.ZonedDateTime.from(`${startsAt}[UTC]`);
    rule = new RRuleTemporal({ rruleString: untilOnWall(recurrence, timeZone), dtstart, strict: true });
    if (rules.size >= 1_000) rules.clear();
    rules.set(key, rule);
  }
  return rule;
}

/** UNTIL is in UTC (or a day, which it includes) and is compared on the wall clock here. */
function untilOnWall(recurrence: string, timeZone: string): string {
  return recurrence.replace(
    /(?<=UNTIL=)(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?(?=;|$)/,
    (_all, year, month, day, hour, minute, second) => {
      if (hour === undefined) return `${year}${month}${day}T235959Z`;
      const wall = wallOf(Date.UTC(+year, +month - 1, +day, +hour, +minute, +second), timeZone);
      return new Date(wall).toISOString().replace(/[-:]|\.\d+/g, '');
    },
  );
}

/** Returns a local time as epoch ms as if it were UTC; null if there is no such date. */
function readWall(text: string): number | null {
  const wall = Date.parse(`${text}Z`);
  return Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 16) !== text ? null : wall;
}

import type { FaultKind } from '#common/contract/conveyor.ts';
import { smooth, uniform } from './noise.ts';

export const belts = [
  { code: 'belt-1', name: 'Inbound' },
  { code: 'belt-2', name: 'Sorting' },
  { code: 'belt-3', name: 'Outbound' },
] as const;

/** The measurements of one belt’s sensors over the `periodS` seconds that end at a time. */
export interface BeltSample {
  /** m/s */
  speed: number;
  /** A */
  current: number;
  /** Items that passed in the period. */
  items: number;
  /** Of those, how many were rejected. */
  rejects: number;
}

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
/** 1970-01-01 was a Thursday; weeks count from Monday. */
const mondayOffset = 3 * day;

/** Channels keep the noises of one belt independent of one another. */
const channel = { load: 1, speed: 2, current: 3, items: 4, rejects: 5, jam: 6, belt: 7, spike: 8 };

const normalSpeed = { min: 0.85, max: 1.15 };
const idleCurrent = 1.2;
const maintenanceEveryDays = 12;
/** Jams per hour of a belt at full load, when fresh and when worn. */
const jamsPerHour = { fresh: 0.006, worn: 0.025 };

/** Returns the seed, size and maintenance day of a belt. */
function characterOf(seed: number, belt: string) {
  let own = seed;
  for (const char of belt) own = Math.floor(uniform(own, channel.belt, char.charCodeAt(0)) * 2 ** 31);
  return {
    seed: own,
    /** Items per minute at full load. */
    capacity: 220 + 80 * uniform(own, channel.belt, 1),
    motor: 5.5 + 1.5 * uniform(own, channel.belt, 2),
    maintenancePhase: Math.floor(uniform(own, channel.belt, 3) * maintenanceEveryDays) * day,
  };
}
type Character = ReturnType<typeof characterOf>;
const characters = new Map<string, Character>();

function characterFor(seed: number, belt: string): Character {
  const key = `${seed}/${belt}`;
  let found = characters.get(key);
  if (found === undefined) {
    found = characterOf(seed, belt);
    characters.set(key, found);
  }
  return found;
}

/** @returns 0 to 1 along the step from one level to the next, over ten minutes around the hour */
function ramp(hourOfDay: number, at: number): number {
  return Math.min(1, Math.max(0, (hourOfDay - at) * 6 + 0.5));
}

/** Returns the planned share of full load at `t`: three shifts (from 6, 14 and 22 h UTC), breaks, quiet Sundays. */
export function plannedLoad(t: number): number {
  const hourOfDay = (t % day) / hour;
  const early = ramp(hourOfDay, 6) - ramp(hourOfDay, 14);
  const late = ramp(hourOfDay, 14) - ramp(hourOfDay, 22);
  const pause = Math.max(...[10, 18].map((at) => ramp(hourOfDay, at) - ramp(hourOfDay, at + 0.5)));
  const weekday = Math.floor((t + mondayOffset) / day) % 7;
  const week = weekday === 6 ? 0.45 : weekday === 5 ? 0.7 : 1 + (weekday === 0 ? 0.06 : weekday === 4 ? 0.1 : 0);
  return Math.min(1.1, (0.32 + 0.58 * early + 0.46 * late) * (1 - 0.4 * pause) * week);
}

/** @returns 0 right after maintenance, rising to 1 just before the next */
export function wearOf(seed: number, belt: string, t: number): number {
  const { maintenancePhase } = characterFor(seed, belt);
  const cycle = maintenanceEveryDays * day;
  const age = (((t - maintenancePhase) % cycle) + cycle) % cycle;
  return (age / cycle) ** 1.6;
}

/** @returns 0 while the belt runs free, up to 1 while it is stuck; a jam lasts 6 to 20 seconds, at most one an hour */
export function jamAt(seed: number, belt: string, t: number): number {
  const own = characterFor(seed, belt).seed;
  const slot = Math.floor(t / hour);
  const begin = slot * hour;
  const wear = wearOf(seed, belt, begin);
  const chance = (jamsPerHour.fresh + (jamsPerHour.worn - jamsPerHour.fresh) * wear) * plannedLoad(begin);
  if (uniform(own, channel.jam, slot) >= chance) return 0;
  const length = (6 + 14 * uniform(own, channel.jam, slot, 1)) * second;
  const start = begin + uniform(own, channel.jam, slot, 2) * (hour - length);
  if (t < start || t >= start + length) return 0;
  return 0.4 + 0.55 * uniform(own, channel.jam, slot, 3);
}

/** Rounds an expected number of items to a whole one so that the fractions add up over time. */
function counted(expected: number, chance: number): number {
  return Math.floor(Math.max(0, expected) + chance);
}

/**
 * The reading of `belt` at `t` (epoch ms). Depends on its arguments alone, so history can be computed for any time and in any order. The
 * values are related: load slows the belt a little and draws current; wear draws more, slows the belt and spoils items.
 * @param periodS length of the period that the counts cover, s
 */
export function readingAt(seed: number, belt: string, t: number, periodS: number, fault: FaultKind | null): BeltSample {
  const character = characterFor(seed, belt);
  const own = character.seed;
  const wear = wearOf(seed, belt, t);
  const jam = jamAt(seed, belt, t);
  const wave = 0.6 * smooth(own, channel.load, t, 25 * 60 * second) + 0.4 * smooth(own, channel.load + 100, t, 3 * 60 * second);
  const load = Math.max(0.1, plannedLoad(t) * (1 + 0.12 * wave));

  const drift = 0.02 * smooth(own, channel.speed, t, 10 * 60 * second) + 0.02 * smooth(own, channel.speed + 100, t, 20 * second);
  const free = 1.04 - 0.05 * load - 0.05 * wear + drift + 0.01 * (uniform(own, channel.speed, t) - 0.5);
  let speed = Math.min(normalSpeed.max, Math.max(normalSpeed.min, free)) * (1 - jam);
  let current = idleCurrent + character.motor * load * (0.9 + 0.1 * speed) + 1.6 * wear * (0.4 + load) + 5 * jam;
  let rejectShare = 0.006 + 0.018 * wear + 0.08 * jam;

  if (fault === 'stop') {
    speed = 0;
    current = idleCurrent;
  } else if (fault === 'slow') {
    speed = 0.45 + 0.02 * smooth(own, channel.speed, t, 20 * second);
    current += 1.5;
  } else if (fault === 'spike') {
    const swing = 0.5 + 0.5 * uniform(own, channel.spike, t);
    current += 9 * swing;
    rejectShare = 0.25 + 0.3 * swing;
  }

  current *= 1 + 0.03 * (uniform(own, channel.current, t) - 0.5);
  const expected = fault === 'stop' ? 0 : (character.capacity * load * speed * periodS) / 60;
  const items = counted(expected, uniform(own, channel.items, t));
  const rejects = Math.min(items, counted(expected * rejectShare, uniform(own, channel.rejects, t)));
  return { speed: round(speed, 3), current: round(current, 2), items, rejects };
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

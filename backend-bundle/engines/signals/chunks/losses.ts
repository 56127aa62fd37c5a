import { dayMs } from '#common/time/durations.ts';
import type { Damage, DamagedInterval } from './damage.ts';
import type { Found } from './found.ts';
import { chunkMs, hourOf, seriesOf } from './schema.ts';

export type Loss = Damage & DamagedInterval;

const reason = 'The part of the file that held them was damaged.';

/**
 * Lists what is known to be lost from a damaged file: hours with a header but no points, days with more points than were found, series
 * without a name, and writes missing from the log.
 * @param saved number of saved points, by row of the hour
 */
export function lossesOf(found: Found, saved: ReadonlyMap<number, number>, now: number, isWalDamaged: boolean): Loss[] {
  const lost = new Set<number>();
  for (const [id] of found.headers) if (!saved.has(id) && isLive(found, id)) lost.add(id);
  const savedByDay = new Map<number, number>();
  for (const [id, n] of saved) addTo(savedByDay, dayOf(id), n);
  const lostByDay = new Map<number, number>();
  for (const id of lost) addTo(lostByDay, dayOf(id), found.headers.get(id)?.n ?? 0);
  for (const [id, { n, from, to }] of found.days) {
    if (n <= (savedByDay.get(id) ?? 0) + (lostByDay.get(id) ?? 0)) continue;
    // It is unknown which of its hours are lost: it may be any that is missing.
    const start = hourOf(id);
    for (let hour = start; hour < start + dayMs; hour += chunkMs) {
      const row = id + (hour - start) / chunkMs;
      if (hour + chunkMs > from && hour <= to && !saved.has(row) && isLive(found, row)) lost.add(row);
    }
  }
  return [...joined(found, lost), ...nameless(found, now), ...unlogged(found, now, isWalDamaged)];
}

/** Returns whether the hour was not deleted and its series is known. */
function isLive({ series, removed }: Found, id: number): boolean {
  const hour = hourOf(id);
  if (!series.has(seriesOf(id))) return false;
  return !(removed.get(seriesOf(id)) ?? []).some(({ start, stop }) => start <= hour && stop >= hour + chunkMs);
}

function joined({ series }: Found, lost: ReadonlySet<number>): Loss[] {
  const losses: Loss[] = [];
  let last: Loss | undefined;
  let previous = Number.NaN;
  for (const id of [...lost].sort((a, b) => a - b)) {
    const hour = hourOf(id);
    if (last && id === previous + 1) last.to = hour + chunkMs;
    else {
      last = { series: seriesOf(id), from: hour, to: hour + chunkMs, what: '', reason };
      losses.push(last);
    }
    previous = id;
  }
  for (const loss of losses) {
    const one = series.get(loss.series);
    const labels = Object.entries(one?.labels ?? {}).map(([name, value]) => `${name}=${value}`);
    loss.what = `points of ${one?.kind} ${one?.name}{${labels.join(',')}}, ${iso(loss.from)} to ${iso(loss.to)}`;
  }
  return losses;
}

/** Reports series without a name: any answer may lack them. */
function nameless({ series, state }: Found, now: number): Loss[] {
  const known = state.get('series');
  const missing = known === undefined ? 'an unknown number of' : known - series.size;
  if (missing === 0) return [];
  return [{ series: 0, from: 0, to: now, what: `${missing} series, whose names and labels are lost`, reason }];
}

/**
 * Reports that writes may be lost, unless the log can be followed from its last write back to its start. Lost writes may have been of any
 * series and time.
 */
function unlogged({ log, state, maxSeq }: Found, now: number, isWalDamaged: boolean): Loss[] {
  const begin = state.get('log_from');
  let at = state.get('logged');
  while (at !== undefined && begin !== undefined && at >= begin) at = log.get(at)?.prev;
  const last = Math.max(state.get('logged') ?? 0, state.get('seq') ?? 0);
  if (at !== undefined && begin !== undefined && maxSeq <= last && !isWalDamaged) return [];
  return [{ series: 0, from: 0, to: now, what: 'points that were written last and not compacted yet', reason }];
}

const dayOf = (id: number) => id - (hourOf(id) % dayMs) / chunkMs;
const iso = (t: number) => new Date(t).toISOString();
const addTo = (sums: Map<number, number>, key: number, n: number) => sums.set(key, (sums.get(key) ?? 0) + n);

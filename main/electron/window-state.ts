import { z } from 'zod';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Screens {
  /** Usable area of each display, in the same coordinates as windows. */
  workArea: Rectangle;
}

const state = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  maximized: z.boolean(),
  fullScreen: z.boolean(),
});
export type WindowState = z.infer<typeof state>;

/** Where the window was, for each set of displays it was used on: docked and undocked are two places. */
export const savedStates = z.record(z.string(), state);
export type SavedStates = z.infer<typeof savedStates>;

export const minimumSize = { width: 900, height: 600 };
const usualSize = { width: 1_440, height: 900 };
/** So much of the window's top edge must be on a display that a person can take hold of it, px. */
const hold = { width: 120, height: 32 };
/** Sets of displays remembered. */
const keptSets = 8;

/** Names a set of displays by where they are. */
export function displaysKey(displays: readonly Screens[]): string {
  return displays
    .map(({ workArea: { x, y, width, height } }) => `${x},${y},${width}x${height}`)
    .sort()
    .join(' ');
}

/**
 * Where the window goes on these displays: where it was when they were last these, else where it last was as far as it fits, else
 * in the middle of the first. It always lies within a display's reach and is never larger than one.
 */
export function placeWindow(saved: SavedStates, displays: readonly Screens[]): WindowState {
  const last = saved[displaysKey(displays)] ?? Object.values(saved).at(-1);
  const [first] = displays;
  if (!first) return { x: 0, y: 0, ...usualSize, maximized: false, fullScreen: false };
  if (!last) return { ...centre(usualSize, first.workArea), maximized: false, fullScreen: false };
  const flags = { maximized: last.maximized, fullScreen: last.fullScreen };
  for (const { workArea } of displays) {
    const place = { x: last.x, y: last.y, ...sized(last, workArea) };
    if (canBeHeld(place, workArea)) return { ...place, ...flags };
  }
  return { ...centre(last, first.workArea), ...flags };
}

/** Remembers a place for these displays; the newest is last, the oldest is forgotten. */
export function rememberPlace(saved: SavedStates, displays: readonly Screens[], place: WindowState): SavedStates {
  const key = displaysKey(displays);
  const others = Object.entries(saved).filter(([other]) => other !== key);
  return Object.fromEntries([...others.slice(-(keptSets - 1)), [key, place]]);
}

function canBeHeld(window: Rectangle, area: Rectangle): boolean {
  const across = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return across >= hold.width && window.y >= area.y && window.y + hold.height <= area.y + area.height;
}

interface Size {
  width: number;
  height: number;
}

/** Large enough to work in, and no larger than the display. */
function sized({ width, height }: Size, area: Size): Size {
  return {
    width: Math.min(Math.max(width, minimumSize.width), area.width),
    height: Math.min(Math.max(height, minimumSize.height), area.height),
  };
}

function centre(wanted: Size, area: Rectangle): Rectangle {
  const { width, height } = sized(wanted, area);
  return { x: Math.round(area.x + (area.width - width) / 2), y: Math.round(area.y + (area.height - height) / 2), width, height };
}

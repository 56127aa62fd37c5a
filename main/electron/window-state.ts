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

/** The window's position for each set of displays: docked and undocked have different ones. */
export const savedStates = z.record(z.string(), state);
export type SavedStates = z.infer<typeof savedStates>;

export const minimumSize = { width: 900, height: 600 };
const usualSize = { width: 1_440, height: 900 };
/** How much of the window's top edge must be visible so that a person can drag it, px. */
const hold = { width: 120, height: 32 };
/** Maximum number of stored sets of displays. */
const keptSets = 8;

/** Returns a key for a set of displays, from their positions. */
export function displaysKey(displays: readonly Screens[]): string {
  return displays
    .map(({ workArea: { x, y, width, height } }) => `${x},${y},${width}x${height}`)
    .sort()
    .join(' ');
}

/**
 * Returns the window's position on these displays: the last one on the same displays, otherwise the last one that fits, otherwise the
 * middle of the first display. It is always reachable and never larger than a display.
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

/** Stores a position for these displays; the newest is last, the oldest is dropped. */
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

/** Limits a size: large enough to work in, and no larger than the display. */
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

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeWindow, type Rectangle, rememberPlace, type SavedStates, type WindowState } from './window-state.ts';

const display = (x: number, y: number, width: number, height: number) => ({ workArea: { x, y, width, height } });
const laptop = display(0, 0, 1_512, 944);
const wall = display(1_512, -200, 3_840, 2_160);
const at = (x: number, y: number, width: number, height: number, more: Partial<WindowState> = {}): WindowState => ({
  x,
  y,
  width,
  height,
  maximized: false,
  fullScreen: false,
  ...more,
});

describe('docked and undocked', () => {
  const docked = [laptop, wall];
  const onTheWall = at(2_000, 100, 2_400, 1_600);
  const onTheLaptop = at(50, 40, 1_300, 800);
  const saved = rememberPlace(rememberPlace({}, docked, onTheWall), [laptop], onTheLaptop);

  test('each has its place', () => {
    expect(placeWindow(saved, docked)).toEqual(onTheWall);
    expect(placeWindow(saved, [laptop])).toEqual(onTheLaptop);
    expect(placeWindow(saved, [wall, laptop])).toEqual(onTheWall);
  });

  test('undocked for the first time, it moves to the remaining display, no larger than it', () => {
    expect(placeWindow(rememberPlace({}, docked, onTheWall), [laptop])).toEqual(at(0, 0, 1_512, 944));
  });

  test('maximised stays maximised', () => {
    const maximised = { ...onTheWall, maximized: true };
    expect(placeWindow(rememberPlace({}, docked, maximised), [laptop]).maximized).toBe(true);
  });
});

test('is centred the first time', () => {
  expect(placeWindow({}, [display(0, 25, 1_920, 1_055)])).toEqual(at(240, 103, 1_440, 900));
});

test('eight sets of displays are stored, and the oldest is dropped', () => {
  let saved: SavedStates = {};
  for (let n = 0; n < 10; n += 1) saved = rememberPlace(saved, [display(0, 0, 1_000 + n, 1_000)], at(n, 0, 900, 600));
  expect(Object.keys(saved)).toHaveLength(8);
  expect(Object.values(saved).map(({ x }) => x)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

test('the window can always be dragged, whatever was saved and whatever displays there are', () => {
  const whole = (min: number, max: number) => fc.integer({ min, max });
  const rectangle = fc.record({ x: whole(-9_000, 9_000), y: whole(-9_000, 9_000), width: whole(1, 9_000), height: whole(1, 9_000) });
  const state = fc.record({ maximized: fc.boolean(), fullScreen: fc.boolean() });
  const displays = fc.array(
    fc.record({ x: whole(-5_000, 5_000), y: whole(-5_000, 5_000), width: whole(640, 5_120), height: whole(480, 2_880) }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(displays, rectangle, state), { maxLength: 4 }), displays, (history, now) => {
      let saved: SavedStates = {};
      for (const [areas, place, flags] of history) saved = rememberPlace(saved, toDisplays(areas), { ...place, ...flags });
      const placed = placeWindow(saved, toDisplays(now));
      const reachable = now.some(
        (area) =>
          Math.min(placed.x + placed.width, area.x + area.width) - Math.max(placed.x, area.x) >= 120 &&
          placed.y >= area.y &&
          placed.y + 32 <= area.y + area.height,
      );
      expect(reachable).toBe(true);
      expect(now.some((area) => placed.width <= area.width && placed.height <= area.height)).toBe(true);
    }),
  );
});

function toDisplays(areas: Rectangle[]): { workArea: Rectangle }[] {
  return areas.map((workArea) => ({ workArea }));
}

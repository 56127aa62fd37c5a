import { describe, expect, it, vi } from 'vitest';
import { type KeyBinding, KeyMap, type KeyPress } from './keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  meta: false,
  alt: false,
  inField: false,
  ...more,
});
const bind = (keys: string, more: Partial<KeyBinding> = {}): KeyBinding => ({ keys, title: keys, run: vi.fn(), ...more });

describe('KeyMap', () => {
  it('finds a key, and nothing for others', () => {
    const map = new KeyMap();
    map.add('global', [bind('?')]);
    expect(map.press(press('?'), 0)).toMatchObject({ keys: '?' });
    expect(map.press(press('x'), 1)).toBeNull();
  });

  it('takes Ctrl and Cmd alike, and letters in either case', () => {
    const map = new KeyMap();
    map.add('global', [bind('Mod+k'), bind('a')]);
    expect(map.press(press('k', { ctrl: true }), 0)).toMatchObject({ keys: 'Mod+k' });
    expect(map.press(press('K', { meta: true }), 0)).toMatchObject({ keys: 'Mod+k' });
    expect(map.press(press('k'), 0)).toBeNull();
    expect(map.press(press('A'), 0)).toMatchObject({ keys: 'a' });
  });

  it('follows a sequence, forgets it in time, and starts over on another key', () => {
    const map = new KeyMap();
    map.add('global', [bind('g n'), bind('n')]);
    expect(map.press(press('g'), 0)).toBe('pending');
    expect(map.press(press('n'), 500)).toMatchObject({ keys: 'g n' });
    expect(map.press(press('g'), 1_000)).toBe('pending');
    expect(map.press(press('n'), 3_000)).toMatchObject({ keys: 'n' });
    expect(map.press(press('g'), 4_000)).toBe('pending');
    expect(map.press(press('g'), 4_100)).toBe('pending');
    expect(map.press(press('n'), 4_200)).toMatchObject({ keys: 'g n' });
  });

  it('lets the screen win over a popup, and the later of two equals', () => {
    const map = new KeyMap();
    const popup = bind('a', { title: 'popup' });
    const screen = bind('a', { title: 'screen' });
    map.add('screen', [screen]);
    const removePopup = map.add('popup', [popup]);
    expect(map.press(press('a'), 0)).toMatchObject({ title: 'screen' });
    removePopup();
    map.add('screen', [bind('a', { title: 'newer' })]);
    expect(map.press(press('a'), 0)).toMatchObject({ title: 'newer' });
  });

  it('stays out of fields and of what lies under a dialog', () => {
    const map = new KeyMap();
    map.add('global', [bind('a'), bind('Mod+k', { inFields: true })]);
    map.add('dialog', [bind('Enter')]);
    expect(map.press(press('a', { inField: true }), 0)).toBeNull();
    expect(map.press(press('k', { ctrl: true, inField: true }), 0)).toMatchObject({ keys: 'Mod+k' });
    expect(map.press(press('a'), 0, 'dialog')).toBeNull();
    expect(map.press(press('Enter'), 0, 'dialog')).toMatchObject({ keys: 'Enter' });
  });

  it('notifies its listeners, and forgets keys that were removed', () => {
    const map = new KeyMap();
    const listener = vi.fn();
    map.subscribe(listener);
    const remove = map.add('global', [bind('?')]);
    expect(map.bindings()).toHaveLength(1);
    remove();
    expect(map.bindings()).toHaveLength(0);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

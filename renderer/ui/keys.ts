import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useStable } from './use-stable.ts';

/** Scopes of keys. If two bind the same key, the later in this list wins, then the one mounted last. */
const keyScopes = ['popup', 'global', 'screen', 'dialog'] as const;
export type KeyScope = (typeof keyScopes)[number];

export interface KeyBinding {
  /** One key (`a`, `?`, `Escape`, `Mod+k`, `Mod+Shift+z`, `Shift+ArrowUp`) or a sequence (`g n`). `Mod` is Ctrl, or Cmd on a Mac. */
  keys: string;
  /** The action, for the help sheet. */
  title: string;
  run: () => void;
  /** Why it can't be done now. Pressing the key then shows this instead of running the action. */
  disabledReason?: string | undefined;
  /** Also works while typing in a field. */
  inFields?: boolean;
  /** Works but isn't listed in the help sheet. */
  hidden?: boolean;
}
interface Registered extends KeyBinding {
  scope: KeyScope;
}

export interface KeyPress {
  key: string;
  ctrl: boolean;
  meta: boolean;
  alt: boolean;
  shift?: boolean;
  inField: boolean;
}

/** Time limit between the keys of a sequence, ms. */
const sequenceMs = 1_200;

/** The keyboard map: what is bound now, and what a press means. Independent of the DOM. */
export class KeyMap {
  private readonly groups = new Map<symbol, Registered[]>();
  private pending: { keys: string; at: number } | null = null;
  private readonly listeners = new Set<() => void>();
  private list: readonly Registered[] = [];

  /** @returns a function that removes the bindings */
  add(scope: KeyScope, bindings: readonly KeyBinding[]): () => void {
    const group = Symbol(scope);
    this.groups.set(
      group,
      bindings.map((binding) => ({ ...binding, scope })),
    );
    this.publish();
    return () => {
      this.groups.delete(group);
      this.publish();
    };
  }

  bindings = (): readonly Registered[] => this.list;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /**
   * Returns the binding to run for a press; null if there is none, `pending` if it starts a sequence.
   * @param only while a dialog is open, the only scope that counts
   */
  press(press: KeyPress, now: number, only?: KeyScope): KeyBinding | 'pending' | null {
    const name = keyName(press);
    const before = this.pending && now - this.pending.at < sequenceMs ? `${this.pending.keys} ` : '';
    this.pending = null;
    const usable = this.list.filter((one) => (only === undefined || one.scope === only) && (!press.inField || one.inFields === true));
    for (const keys of before === '' ? [name] : [`${before}${name}`, name]) {
      const match = best(usable.filter((one) => one.keys === keys));
      if (match) return match;
      if (usable.some((one) => one.keys.startsWith(`${keys} `))) {
        this.pending = { keys, at: now };
        return 'pending';
      }
    }
    return null;
  }

  private publish() {
    this.list = [...this.groups.values()].flat();
    for (const listener of this.listeners) listener();
  }
}

function best(matches: Registered[]): Registered | undefined {
  return matches.reduce<Registered | undefined>(
    (chosen, one) => (chosen && keyScopes.indexOf(chosen.scope) > keyScopes.indexOf(one.scope) ? chosen : one),
    undefined,
  );
}

/**
 * Names a press: `Mod+k` for Ctrl+K and Cmd+K; letters in lower case, signs such as `?` as typed. Shift counts with `Mod` and with arrows.
 */
function keyName({ key, ctrl, meta, alt, shift }: KeyPress): string {
  const base = key.length === 1 ? key.toLowerCase() : key;
  const shifted = shift === true && (ctrl || meta || key.startsWith('Arrow'));
  return `${ctrl || meta ? 'Mod+' : ''}${alt ? 'Alt+' : ''}${shifted ? 'Shift+' : ''}${base}`;
}

/** The keyboard map of this window. */
const keyMap = new KeyMap();

/** Elements that handle Enter and the space bar themselves; a screen's own Enter must not override that. */
const operated = 'a[href], button, summary, [role="button"], [role="checkbox"], [role="switch"], [role="tab"]';
const fields = 'input, textarea, select, [contenteditable="true"]';

/** Starts listening. `onRefused` receives the reason if a key can't be used. @returns a function that stops listening */
export function listenToKeys(target: Window, onRefused: (reason: string) => void = () => undefined, map: KeyMap = keyMap): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || ['Control', 'Meta', 'Alt', 'Shift'].includes(event.key)) return;
    const isOperating =
      (event.key === 'Enter' || event.key === ' ') && event.target instanceof Element && event.target.closest(operated) !== null;
    if (isOperating) return;
    const inField = event.target instanceof Element && event.target.closest(fields) !== null;
    const dialog = target.document.querySelector('[role="dialog"][data-state="open"], [role="menu"]') !== null;
    const press = { key: event.key, ctrl: event.ctrlKey, meta: event.metaKey, alt: event.altKey, shift: event.shiftKey, inField };
    const found = map.press(press, event.timeStamp, dialog ? 'dialog' : undefined);
    if (found === null) return;
    event.preventDefault();
    if (found === 'pending') return;
    if (found.disabledReason === undefined) found.run();
    else onRefused(found.disabledReason);
  };
  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
}

/** Binds keys while the component is mounted. Titles and actions may change between renders. */
export function useKeys(scope: KeyScope, bindings: readonly KeyBinding[], enabled = true): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  const shape = useStable(bindings.map(({ run: _, ...rest }) => rest));
  useEffect(() => {
    if (!enabled) return;
    const stable = shape.map((binding, place) => ({
      ...binding,
      run: () => latest.current[place]?.run(),
    }));
    return keyMap.add(scope, stable);
  }, [scope, shape, enabled]);
}

/** Returns all current bindings, for the help sheet. */
export function useBindings(): readonly (KeyBinding & { scope: KeyScope })[] {
  return useSyncExternalStore(keyMap.subscribe, keyMap.bindings);
}

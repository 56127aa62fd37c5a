import { createMemoryHistory } from '@tanstack/react-router';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, expect } from 'vitest';
import { App } from '#renderer/app/app.tsx';
import { createConsoleRouter } from '#renderer/app/router.ts';
import { Rpc } from '#renderer/domain/rpc/rpc.ts';
import '#renderer/ui/styles/index.css';
import { type Answers, FakeCore } from './core.ts';
import { answersFrom, makeWorld, type World } from './world.ts';

export interface Screen {
  core: FakeCore;
  world: World;
  /** The current address. */
  address: () => string;
}

const open: { root: Root; element: HTMLElement; rpc: Rpc; core: FakeCore }[] = [];

/** Opens the console at an address, over a core that answers from the world that `change` makes of the usual one, but for `answers`. */
export async function openScreen(address: string, change: (world: World) => void = () => {}, answers: Answers = {}): Promise<Screen> {
  const world = makeWorld();
  change(world);
  const core = new FakeCore(answersFrom(world));
  core.answer(answers);
  const rpc = new Rpc(core.open, () => new Promise((resolve) => setTimeout(resolve, 10)));
  await rpc.ready;
  const element = document.createElement('div');
  element.id = 'root';
  document.body.append(element);
  const history = createMemoryHistory({ initialEntries: [address] });
  const fault = (error: unknown) => void core.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const root = createRoot(element, { onUncaughtError: fault, onCaughtError: fault });
  root.render(<App rpc={rpc} router={createConsoleRouter(history)} />);
  open.push({ root, element, rpc, core });
  return { core, world, address: () => history.location.href };
}

afterEach(() => {
  const faults = open.flatMap(({ core }) => core.faults);
  for (const { root, element, rpc } of open.splice(0)) {
    root.unmount();
    element.remove();
    rpc.close();
  }
  localStorage.clear();
  expect(faults).toEqual([]);
});

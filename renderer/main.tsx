import './app/strict-zod.ts';
import { createRoot } from 'react-dom/client';
import { openConsole } from '#renderer/domain/rpc/console.ts';
import { App } from './app/app.tsx';
import { createConsoleRouter } from './app/router.ts';

/** The static page waits this long before it says what it is loading, ms. */
const showStateAfterMs = 2_000;

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');

const note = setTimeout(() => {
  const screen = root.querySelector('.boot-screen');
  if (screen) screen.textContent = 'Waiting for the console’s core… See whether its process still runs.';
}, showStateAfterMs);

const rpc = openConsole();
await rpc.ready;
clearTimeout(note);
createRoot(root).render(<App rpc={rpc} router={createConsoleRouter()} />);

import './app/strict-zod.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { connectConsole } from './link/console.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');
createRoot(root).render(<App link={connectConsole()} />);

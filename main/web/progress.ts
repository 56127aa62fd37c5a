import type { BackendPart, BackendStatus } from '#common/contract/console/backend.ts';
import { formatSetDuration } from '#common/format.ts';

const words: Record<BackendPart['name'], string> = {
  backend: 'the backend',
  agent: 'the metrics agent',
  conveyor: 'the conveyor (reference workload)',
};

/** Prints what the launched processes do, for a person at a terminal: each step once. */
export function createProgress(say: (line: string) => void): (status: BackendStatus) => void {
  const said = new Map<string, string>();
  return ({ parts, restartAt }) => {
    for (const { name, state, startedInMs, problem } of parts) {
      const before = said.get(name) ?? 'stopped';
      if (before === state) continue;
      said.set(name, state);
      if (state === 'starting') say(`Starting ${words[name]}…`);
      if (state === 'running') say(`Started ${words[name]} in ${formatSetDuration(Math.round((startedInMs ?? 0) / 100) * 100)}.`);
      if (state === 'failed') {
        const wait =
          restartAt === null
            ? ''
            : ` The console starts it again in ${formatSetDuration(Math.max(1, Math.round((restartAt - Date.now()) / 1000)) * 1000)}.`;
        const why = problem === null ? 'it failed.' : [problem.message, problem.hint].filter(Boolean).join(' ');
        say(`${capital(words[name])}: ${why}${wait}`);
      }
    }
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

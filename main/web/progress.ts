import type { BackendPart, BackendStatus } from '#common/contract/console/backend.ts';
import { formatSetDuration } from '#common/format.ts';

const words: Record<BackendPart['name'], string> = {
  backend: 'the backend',
  agent: 'the metrics agent',
  conveyor: 'the conveyor (reference workload)',
};

/** Prints what the launched processes do, for a person at a terminal, each step once. */
export function createProgress(print: (line: string) => void): (status: BackendStatus) => void {
  const printed = new Map<string, string>();
  return ({ parts, restartAt }) => {
    for (const { name, state, startedInMs, problem } of parts) {
      const before = printed.get(name) ?? 'stopped';
      if (before === state) continue;
      printed.set(name, state);
      if (state === 'starting') print(`Starting ${words[name]}…`);
      if (state === 'running') print(`Started ${words[name]} in ${formatSetDuration(Math.round((startedInMs ?? 0) / 100) * 100)}.`);
      if (state === 'failed') {
        const wait =
          restartAt === null
            ? ''
            : ` The console starts it again in ${formatSetDuration(Math.max(1, Math.round((restartAt - Date.now()) / 1000)) * 1000)}.`;
        const why = problem === null ? 'it failed.' : [problem.message, problem.hint].filter(Boolean).join(' ');
        print(`${capital(words[name])}: ${why}${wait}`);
      }
    }
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

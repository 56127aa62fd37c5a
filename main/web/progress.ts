import type { BackendPart, BackendStatus } from '#common/contract/console/backend.ts';

const words: Record<BackendPart['name'], string> = {
  backend: 'the backend',
  agent: 'the metrics agent',
  conveyor: 'the conveyor (reference workload)',
};

/** Says, for a person at a terminal, what the launched processes do: each step once. */
export function createProgress(say: (line: string) => void): (status: BackendStatus) => void {
  const said = new Map<string, string>();
  return ({ parts, restartAt }) => {
    for (const { name, state, startedInMs, problem } of parts) {
      const before = said.get(name) ?? 'stopped';
      if (before === state) continue;
      said.set(name, state);
      if (state === 'starting') say(`Starting ${words[name]}…`);
      if (state === 'running') say(`Started ${words[name]} in ${((startedInMs ?? 0) / 1000).toFixed(1)} s.`);
      if (state === 'failed') {
        const wait = restartAt === null ? '' : ` It is started again in ${Math.max(1, Math.round((restartAt - Date.now()) / 1000))} s.`;
        say(`${problem ?? `${words[name]} failed.`}${wait}`);
      }
    }
  };
}

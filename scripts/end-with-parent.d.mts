export function startWithParent(): { flags: string[]; env: NodeJS.ProcessEnv };
export function endWithNpm(): void;

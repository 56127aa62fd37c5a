import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { SystemInfo } from '#common/contract/console/settings.ts';
import { productVersion } from '#common/contract/version.ts';
import { problem } from '#common/words/problems.ts';
import type { SecretStore } from './secrets/store.ts';
import { describeOpening } from './storage/describe.ts';
import type { ConsoleDatabase } from './storage/open.ts';

export interface SystemOptions {
  host: SystemInfo['host'];
  dataDir: string;
  database: ConsoleDatabase;
  secrets: SecretStore;
  openExternal(url: string): Promise<void>;
}

/** The `system` service: information and warnings about this console, and the only way to open something outside it. */
export function systemHandlers({ host, dataDir, database, secrets, openExternal }: SystemOptions): ConsoleHandlers['system'] {
  return {
    info: async () => {
      const opening = describeOpening(database.opening);
      return {
        version: productVersion,
        host,
        platform: `${process.platform} ${process.arch}`,
        dataDir,
        secretStore: { kind: secrets.kind, path: secrets.path },
        cache: { state: database.opening.state, bytes: await database.read.size() },
        warnings: [
          ...(secrets.warning === null ? [] : [{ id: 'secrets', ...secrets.warning }]),
          ...(opening === null ? [] : [{ id: 'cache', ...opening }]),
          ...(database.isDamaged ? [{ id: 'cache-damaged', ...problem('database_damaged', {}) }] : []),
        ],
      };
    },
    openExternal: ({ url }) => openExternal(url),
  };
}

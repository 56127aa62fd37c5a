import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { SystemInfo } from '#common/contract/console/settings.ts';
import { productVersion } from '#common/contract/version.ts';
import type { Cache } from './cache/cache.ts';
import type { SecretStore } from './secrets/store.ts';

export interface SystemOptions {
  host: SystemInfo['host'];
  dataDir: string;
  cache: Cache;
  secrets: SecretStore;
  openExternal(url: string): Promise<void>;
}

/** What this console is and how it fares, and the one way out of it. */
export function systemHandlers({ host, dataDir, cache, secrets, openExternal }: SystemOptions): ConsoleHandlers['system'] {
  const { state, detail, hint } = cache.opening;
  return {
    info: async () => ({
      version: productVersion,
      host,
      platform: `${process.platform} ${process.arch}`,
      dataDir,
      secretStore: { kind: secrets.kind, path: secrets.path },
      cache: { state, detail, bytes: await cache.read.size() },
      warnings: [
        ...(secrets.warning === null ? [] : [{ id: 'secrets', ...secrets.warning }]),
        ...(detail === null ? [] : [{ id: 'cache', message: detail, hint: hint ?? '' }]),
        ...(cache.damaged
          ? [
              {
                id: 'cache-damaged',
                message: 'The local database is damaged.',
                hint: 'Restart the console: it repairs its database at start.',
              },
            ]
          : []),
      ],
    }),
    openExternal: ({ url }) => openExternal(url),
  };
}

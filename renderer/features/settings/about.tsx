import type { ReactNode } from 'react';
import { formatValue } from '#common/format.ts';
import { useSystem } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { describeError, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { messages } from './messages.ts';

const cacheState = { ok: 'cacheOk', restored: 'cacheRestored', memory: 'cacheMemory' } as const;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-6 border-b py-2">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 select-text break-all text-end">{children}</dd>
    </div>
  );
}

/** The version of this console, its data folders, and its problems. */
export function About() {
  const t = useText(messages);
  const { data, error, refetch } = useSystem();
  if (error && !data) return <ErrorState title={t('aboutFailed')} error={error} retry={() => void refetch()} className="px-0" />;
  if (!data) return <Loading className="px-0" />;
  const { cache, secretStore, warnings } = data;
  return (
    <>
      {warnings.length > 0 && (
        <section className="mb-6">
          <h3 className="mb-2 text-muted text-sm">{t('warnings')}</h3>
          <ul className="flex flex-col gap-3">
            {warnings.map((warning) => (
              <li key={warning.id} className="rounded-md border border-attention p-3">
                <StatusSymbol
                  status="error"
                  label={describeError(warning).message}
                  className="whitespace-normal font-medium text-attention"
                />
                <p className="mt-1 text-muted">{describeError(warning).hint}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <dl>
        <Fact name={t('version')}>{data.version}</Fact>
        <Fact name={t('host')}>{t(data.host === 'electron' ? 'hostElectron' : 'hostBrowser')}</Fact>
        <Fact name={t('platform')}>{data.platform}</Fact>
        <Fact name={t('dataDir')}>
          <bdi>{data.dataDir}</bdi>
        </Fact>
        <Fact name={t('secrets')}>
          {secretStore.kind === 'keychain' ? t('keychain') : t('secretFile', { path: secretStore.path ?? '' })}
        </Fact>
        <Fact name={t('cache')}>
          {formatValue(cache.bytes, 'B')}, {t(cacheState[cache.state])}
        </Fact>
      </dl>
    </>
  );
}

import { Link } from '@tanstack/react-router';
import type { Connection } from '#common/contract/console/connections.ts';
import { AppError } from '#common/contract/errors.ts';
import { useAddress } from '#renderer/domain/address.ts';
import { places } from '#renderer/domain/places.ts';
import { useDashboard } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { viewAddress } from '../address.ts';
import { useEditor } from '../edit/use-editor.ts';
import { Board } from './board.tsx';
import { words } from './words.ts';

/** One dashboard, viewed or edited. */
export function DashboardScreen({ connection, code }: { connection: Connection; code: string }) {
  const t = useText(words);
  const [address] = useAddress(viewAddress);
  const { data, error, refetch } = useDashboard(connection.id, code);
  const dashboard = data?.value ?? null;
  const { editor, draft, reading, error: draftError } = useEditor(connection.id, code, dashboard, address.edit === true);
  const gone = error instanceof AppError && error.code === 'not_found';

  if (draftError) return <ErrorState title={t('draftUnreadable')} error={draftError} />;
  if (error && !dashboard && !(gone && editor)) {
    const back = (
      <Button asChild>
        <Link {...places.dashboards()}>{t('back')}</Link>
      </Button>
    );
    if (!gone) return <ErrorState title={t('oneFailed')} error={error} retry={() => void refetch()} />;
    return (
      <Empty className="h-full" action={back}>
        {t('unknown', { code })}
      </Empty>
    );
  }
  if ((!data && !error) || reading) return <Loading rows={6} />;
  if (!dashboard && !editor) return <Empty className="h-full">{t('unknownOffline', { code })}</Empty>;
  return (
    <Board connection={connection} code={code} dashboard={dashboard} asOf={data?.asOf ?? null} editor={editor} hasDraft={draft !== null} />
  );
}

import { useParams } from '@tanstack/react-router';
import { useConnection } from '#renderer/domain/address.ts';
import { Loading } from '#renderer/ui/states.tsx';
import { ListScreen } from './list/list-screen.tsx';
import { DashboardScreen } from './view/dashboard-screen.tsx';

/** The list of dashboards, or the one that the address names. */
export function DashboardsScreen() {
  const { code }: { code?: string } = useParams({ strict: false });
  const { connection } = useConnection();
  if (!connection) return <Loading rows={6} />;
  if (code === undefined) return <ListScreen connection={connection} />;
  return <DashboardScreen key={`${connection.id}/${code}`} connection={connection} code={code} />;
}

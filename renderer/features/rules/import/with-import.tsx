import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Rule } from '#common/contract/rules.ts';
import { usePermission } from '#renderer/domain/permission.ts';

/** Reads files of several products, so it is loaded when it is first opened. */
const ImportDialog = lazy(() => import('./import-dialog.tsx'));

interface WithImportProps {
  connection: Connection;
  /** All rules of the backend. */
  rules: readonly Rule[];
  /** The screen. `denied`: why rules can't be changed now. */
  children: (startImport: () => void, denied: string | undefined) => ReactNode;
}

/** The screen and the dialog of an import, which stays open while the first rules of an empty list arrive. */
export function WithImport({ rules, connection, children }: WithImportProps) {
  const [isOpen, setOpen] = useState(false);
  const denied = usePermission(connection, 'OPERATOR', true);
  return (
    <>
      {children(() => setOpen(true), denied)}
      {isOpen && (
        <Suspense>
          <ImportDialog connectionId={connection.id} rules={rules} denied={denied} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

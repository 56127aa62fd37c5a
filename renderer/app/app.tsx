import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createQueryClient, LinkProvider } from '#renderer/domain/queries/index.ts';
import type { Rpc } from '#renderer/domain/rpc/rpc.ts';
import { TooltipProvider } from '#renderer/ui/tooltip.tsx';
import { Appearance } from './appearance.tsx';
import type { ConsoleRouter } from './router.ts';
import { useLinkState } from './use-link-state.ts';

/** The console in one window: provides the RPC, the settings and the queries to its screens. */
export function App({ rpc, router }: { rpc: Rpc; router: ConsoleRouter }) {
  const [queries] = useState(createQueryClient);
  return (
    <LinkProvider console={rpc.console} state={useLinkState(rpc)} queries={queries}>
      <Appearance>
        <TooltipProvider>
          <RouterProvider router={router} />
        </TooltipProvider>
      </Appearance>
    </LinkProvider>
  );
}

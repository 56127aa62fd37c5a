import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import type { ConsoleClient } from '#common/contract/console/index.ts';
import { createQueryClient, LinkProvider } from '#renderer/domain/queries/index.ts';
import { TooltipProvider } from '#renderer/ui/tooltip.tsx';
import { Appearance } from './appearance.tsx';
import { router } from './router.ts';
import { useLinkState } from './use-link-state.ts';

/** The console in one window: its link to the core, its looks, its screens. */
export function App({ client }: { client: ConsoleClient }) {
  const [queries] = useState(createQueryClient);
  return (
    <LinkProvider console={client} state={useLinkState()} queries={queries}>
      <Appearance>
        <TooltipProvider>
          <RouterProvider router={router} />
        </TooltipProvider>
      </Appearance>
    </LinkProvider>
  );
}

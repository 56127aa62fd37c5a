import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createQueryClient, LinkProvider } from '#renderer/link/index.ts';
import { TooltipProvider } from '#renderer/ui/tooltip.tsx';
import { Appearance } from './appearance.tsx';
import { router } from './router.tsx';
import { type ConsoleConnection, useLinkState } from './use-link-state.ts';

/** The console in one window: its link to the core, its looks, its screens. */
export function App({ link }: { link: ConsoleConnection }) {
  const [queries] = useState(createQueryClient);
  const state = useLinkState(link);
  return (
    <LinkProvider console={link.client} state={state} queries={queries}>
      <Appearance>
        <TooltipProvider>
          <RouterProvider router={router} />
        </TooltipProvider>
      </Appearance>
    </LinkProvider>
  );
}

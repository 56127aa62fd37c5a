import { useCallback } from 'react';
import type { z } from 'zod';
import type { Connection } from '#common/contract/console/connections.ts';
import type { silenceInput } from '#common/contract/policies.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { useConsole } from '../queries/index.ts';
import { silenceWords } from './silence-words.ts';

/** Returns a function that silences alerts. A toast says so and offers to undo it. @returns whether it was created */
export function useCreateSilence(): (connectionId: string, silence: z.input<typeof silenceInput>, count: number) => Promise<boolean> {
  const { policies } = useConsole();
  const t = useText(silenceWords);
  return useCallback(
    async (connectionId, silence, count) => {
      try {
        const { id } = await policies.createSilence({ connectionId, silence });
        const undo = () =>
          policies.endSilence({ connectionId, id }).then(
            () => toast({ message: t('ended'), lastsMs: 3_000 }),
            (error: unknown) => toastError(t('undoFailed'), error),
          );
        toast({ message: t('silenced', { count }), detail: silence.reason, action: { label: t('undo'), run: () => void undo() } });
        return true;
      } catch (error) {
        toastError(t('failed'), error);
        return false;
      }
    },
    [policies, t],
  );
}

/** Returns a function that ends a silence for everyone. A toast says so and offers to create it again. */
export function useEndSilence(): (connection: Connection, silence: { silenceId: string; until: number }) => Promise<void> {
  const { policies } = useConsole();
  const t = useText(silenceWords);
  return useCallback(
    async ({ id: connectionId, clockSkewMs }, { silenceId, until }) => {
      try {
        const { matchers, reason } = await policies.endSilence({ connectionId, id: silenceId });
        // The end is by the backend's clock, what is sent by this computer's.
        const silence = { matchers, reason, endsAt: until - (clockSkewMs ?? 0) };
        const undo = () =>
          policies.createSilence({ connectionId, silence }).then(
            () => toast({ message: t('restored'), lastsMs: 3_000 }),
            (error: unknown) => toastError(t('failed'), error),
          );
        toast({ message: t('ended'), detail: reason, action: { label: t('undo'), run: () => void undo() } });
      } catch (error) {
        toastError(t('undoFailed'), error);
      }
    },
    [policies, t],
  );
}

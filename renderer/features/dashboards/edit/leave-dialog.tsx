import { useBlocker } from '@tanstack/react-router';
import { useRef } from 'react';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import type { Editor } from './use-editor.ts';
import { words } from './words.ts';

/** Blocks navigation while an edit is unsaved. `discard` ends the edit without asking. */
export function useLeaving({ dirty, discard }: Editor, onDone: () => void) {
  // After discarding, the blocker would still see the unsaved edit of the last render.
  const discarded = useRef(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty && !discarded.current && (current.pathname !== next.pathname || (next.search as { edit?: boolean }).edit !== true),
    enableBeforeUnload: false,
    withResolver: true,
  });
  return {
    blocker,
    discard: async () => {
      await discard();
      discarded.current = true;
      onDone();
    },
  };
}

interface LeaveDialogProps {
  blocker: ReturnType<typeof useLeaving>['blocker'];
  editor: Editor;
}

/** Asks what to do with unsaved changes before leaving the page. */
export function LeaveDialog({ blocker, editor }: LeaveDialogProps) {
  const t = useText(words);
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && blocker.reset()}
      title={t('leaveTitle')}
      footer={
        <>
          <Button onClick={() => blocker.reset()}>{t('stay')}</Button>
          <Button
            variant="danger"
            onClick={() => {
              void editor.discard().then(() => blocker.proceed());
            }}
          >
            {t('leaveDrop')}
          </Button>
          <Button variant="primary" onClick={() => blocker.proceed()}>
            {t('leaveKeep')}
          </Button>
        </>
      }
    >
      <p className="text-muted">{t('leaveAbout')}</p>
    </Dialog>
  );
}

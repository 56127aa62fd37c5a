import type { ReactNode } from 'react';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { words } from '#renderer/ui/words.ts';

interface ConfirmProps {
  open: boolean;
  title: string;
  /** What will be lost, in words. */
  children: ReactNode;
  /** What the button does. */
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before what can't be undone. */
export function Confirm({ open, title, children, action, onConfirm, onClose }: ConfirmProps) {
  const t = useText(words);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="danger"
            onClick={() => {
              onConfirm();
              onClose();
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      <p className="text-muted">{children}</p>
    </Dialog>
  );
}

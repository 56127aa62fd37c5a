import { X } from 'lucide-react';
import { useEffect } from 'react';
import { create } from 'zustand';
import { Button } from './button.tsx';
import { useText } from './i18n.ts';
import { StatusSymbol } from './status.tsx';
import { words } from './words.ts';

interface ToastInput {
  message: string;
  detail?: string;
  tone?: 'done' | 'problem';
  /** One thing to do about it, such as taking it back. */
  action?: { label: string; run: () => void };
  /** How long it stays, ms. Default 10,000: as long as an undo is offered. */
  lastsMs?: number;
}
interface Shown extends ToastInput {
  id: number;
}

let lastId = 0;
const useToasts = create<{ shown: Shown[] }>(() => ({ shown: [] }));

export function dismissToast(id: number): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter((one) => one.id !== id) }));
}

/** Tells of something that was done or went wrong; at most four are in sight. @returns its id, for `dismissToast`. */
export function toast(input: ToastInput): number {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ shown }) => ({ shown: [...shown.slice(-3), { ...input, id }] }));
  return id;
}

/** Tells of an error in the words it came with. */
export function toastError(title: string, error: unknown): number {
  return toast({ message: title, detail: error instanceof Error ? error.message : String(error), tone: 'problem' });
}

function Toast({ one }: { one: Shown }) {
  const t = useText(words);
  useEffect(() => {
    const timer = setTimeout(() => dismissToast(one.id), one.lastsMs ?? 10_000);
    return () => clearTimeout(timer);
  }, [one]);
  const action = one.action;
  return (
    <li className="pop flex items-start gap-3 rounded-lg border border-border-strong bg-raised py-2 ps-3 pe-2">
      <span className="mt-0.5">
        <StatusSymbol status={one.tone === 'problem' ? 'failing' : 'ok'} bare />
      </span>
      <div className="min-w-0 flex-1 py-0.5">
        <p>{one.message}</p>
        {one.detail && <p className="mt-0.5 text-muted text-sm">{one.detail}</p>}
      </div>
      {action && (
        <Button
          size="sm"
          onClick={() => {
            dismissToast(one.id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <Button size="icon-sm" variant="ghost" aria-label={t('close')} onClick={() => dismissToast(one.id)}>
        <X size="0.875rem" />
      </Button>
    </li>
  );
}

/** Where toasts stand: the middle of the bottom, above the status bar and beside the popups. */
export function Toaster() {
  const shown = useToasts((state) => state.shown);
  return (
    <ol aria-live="polite" className="fixed inset-x-0 bottom-10 z-50 mx-auto flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2">
      {shown.map((one) => (
        <Toast key={one.id} one={one} />
      ))}
    </ol>
  );
}

import { X } from 'lucide-react';
import { useEffect } from 'react';
import { create } from 'zustand';
import { Button } from './button.tsx';
import { describeError } from './describe-error.ts';
import { useText } from './i18n.ts';
import { Icon, iconShapes } from './icon.tsx';
import { Progress } from './parts.tsx';
import { words } from './words.ts';

interface ToastInput {
  message: string;
  detail?: string;
  tone?: 'done' | 'problem';
  /** Progress, 0 to 1, of a running action; the toast stays until it is replaced. */
  progress?: number;
  /** A follow-up action, such as undo. */
  action?: { label: string; run: () => void };
  /** How long it stays, ms. Default 10,000, the time in which an action can be undone. */
  lastsMs?: number;
}
interface Shown extends ToastInput {
  id: number;
}

let lastId = 0;
const useToasts = create<{ shown: Shown[] }>(() => ({ shown: [] }));

function dismissToast(id: number): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter((one) => one.id !== id) }));
}

/** Shows that something was done or went wrong; at most four are visible. @returns its id, for `dismissToast` */
export function toast(input: ToastInput): number {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ shown }) => ({ shown: [...shown.slice(-3), { ...input, id }] }));
  return id;
}

/** Replaces the content of a toast; shows a new one if it is gone. */
export function replaceToast(id: number, input: ToastInput): void {
  useToasts.setState(({ shown }) => {
    const next = { ...input, id };
    return { shown: shown.some((one) => one.id === id) ? shown.map((one) => (one.id === id ? next : one)) : [...shown.slice(-3), next] };
  });
}

/** Shows an error with its own message. */
export function toastError(title: string, error: unknown): number {
  return toast({ message: title, detail: describeError(error).message, tone: 'problem' });
}

const icons = {
  done: { icon: iconShapes.ok, word: 'done' },
  problem: { icon: iconShapes.failing, word: 'failed' },
  progress: { icon: iconShapes.running, word: 'inProgress' },
} as const;

function Toast({ one }: { one: Shown }) {
  const t = useText(words);
  useEffect(() => {
    if (one.progress !== undefined) return;
    const timer = setTimeout(() => dismissToast(one.id), one.lastsMs ?? 10_000);
    return () => clearTimeout(timer);
  }, [one]);
  const action = one.action;
  const look = one.progress === undefined ? (one.tone ?? 'done') : 'progress';
  return (
    <li className="pop flex items-start gap-3 rounded-lg border border-border-strong bg-raised py-2 ps-3 pe-2">
      <span className="mt-0.5">
        <Icon icon={icons[look].icon} label={t(icons[look].word)} bare />
      </span>
      <div className="min-w-0 flex-1 py-0.5">
        <p>{one.message}</p>
        {one.progress !== undefined && <Progress value={one.progress} label={one.message} className="mt-1.5" />}
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

/** The area of toasts: the middle of the bottom, next to the popups, above the status bar and the buttons that a screen has at its bottom. */
export function Toaster() {
  const shown = useToasts((state) => state.shown);
  useEffect(() => () => useToasts.setState({ shown: [] }), []);
  return (
    <ol aria-live="polite" className="toasts fixed inset-x-0 z-60 mx-auto flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2">
      {shown.map((one) => (
        <Toast key={one.id} one={one} />
      ))}
    </ol>
  );
}

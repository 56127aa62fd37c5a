import type { ReactNode } from 'react';
import type { ConnectionState } from '#common/contract/console/connections.ts';
import { type Translate, useText } from '#renderer/ui/i18n.ts';
import { Icon, type IconShape, iconShapes } from '#renderer/ui/icon.tsx';
import { words } from './words.ts';

type Word = typeof words extends { en: Record<infer K, unknown> } ? K : never;

const ring = <circle cx="8" cy="8" r="6" />;
const dot = <circle cx="8" cy="8" r="5" fill="currentColor" stroke="none" />;

/** Every status of the console. Grey means normal; colour marks what a person should look at. */
const symbols = {
  live: { word: 'live', tone: 'text-muted', shape: dot },
  connecting: { word: 'connecting', tone: 'text-muted', shape: <circle cx="8" cy="8" r="6" strokeDasharray="2.4 2.3" /> },
  offline: {
    word: 'offline',
    tone: 'text-attention',
    shape: (
      <>
        <circle cx="8" cy="8" r="6" />
        <path d="m3.8 12.2 8.4-8.4" />
      </>
    ),
  },
  'signed-out': {
    word: 'signedOut',
    tone: 'text-attention',
    shape: (
      <>
        <path d="M3 7.5h10V14H3Z" />
        <path d="M5 7.5V5a3 3 0 0 1 6 0v2.5" />
      </>
    ),
  },
  incompatible: { word: 'incompatible', tone: 'text-danger', shape: <path d="M3 6h10M3 10h10M11 3 5 13" /> },
  stale: { word: 'stale', ...iconShapes.stale },
  'no-data': {
    word: 'noData',
    tone: 'text-attention',
    shape: (
      <>
        <rect x="2.5" y="2.5" width="11" height="11" strokeDasharray="2.5 2" />
        <path d="M6 6.6C6 5.4 7 4.8 8 4.8s2 .7 2 1.8C10 8 8 8 8 9.4M8 11.6v.1" />
      </>
    ),
  },
  acknowledged: {
    word: 'acknowledged',
    tone: 'text-accent',
    shape: (
      <>
        {ring}
        <path d="m5.3 8.2 1.9 1.9 3.6-4" />
      </>
    ),
  },
  snoozed: { word: 'snoozed', tone: 'text-muted', shape: <path d="M3 4h4.5L3 9h4.5M9 8h4.5L9 13h4.5" /> },
  silenced: {
    word: 'silenced',
    tone: 'text-muted',
    shape: (
      <>
        <path d="M4 11h8l-1.2-2V6.8a2.8 2.8 0 0 0-5.6 0V9Z" />
        <path d="m2.5 2.5 11 11" />
      </>
    ),
  },
  ok: { word: 'ok', ...iconShapes.ok },
  pending: {
    word: 'pending',
    tone: 'text-attention',
    shape: (
      <>
        {ring}
        <path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />
      </>
    ),
  },
  firing: { word: 'firing', tone: 'text-critical', shape: <path d="M8 2 14.5 14h-13Z" fill="currentColor" /> },
  resolved: {
    word: 'resolved',
    tone: 'text-muted',
    shape: (
      <>
        <circle cx="8" cy="8" r="5" />
        <circle cx="8" cy="8" r="1.6" fill="currentColor" />
      </>
    ),
  },
  failing: { word: 'failing', ...iconShapes.failing },
  error: { word: 'error', ...iconShapes.error },
  damaged: {
    word: 'damaged',
    tone: 'text-danger',
    shape: (
      <>
        <rect x="2.5" y="2.5" width="11" height="11" />
        <path d="M2.5 8 8 2.5M2.5 13.5l11-11M8 13.5 13.5 8M2.5 8 8 13.5M2.5 2.5l11 11M8 2.5 13.5 8" strokeWidth="1" />
      </>
    ),
  },
  paused: { word: 'paused', tone: 'text-muted', shape: <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2.4" /> },
  running: { word: 'running', ...iconShapes.running },
  starting: { word: 'starting', tone: 'text-accent', shape: <path d="M5 3.2v9.6L13 8Z" strokeDasharray="2.4 1.8" /> },
  stopped: { word: 'stopped', tone: 'text-muted', shape: <rect x="4" y="4" width="8" height="8" /> },
  waiting: { word: 'waiting', tone: 'text-attention', shape: <path d="M8 13V3.5M4.2 7.2 8 3.4l3.8 3.8" strokeDasharray="3 1.6" /> },
  conflict: { word: 'conflict', tone: 'text-danger', shape: <path d="M2 8h4.5M14 8H9.5M4.5 5.5 7 8l-2.5 2.5M11.5 5.5 9 8l2.5 2.5" /> },
} as const satisfies Record<string, IconShape & { word: Word }>;

export type Status = keyof typeof symbols;

/** Returns the word of a status, in the person's language. */
export const statusWord = (t: Translate<Word>, status: Status): string => t(symbols[status].word);

interface StatusProps {
  status: Status;
  /** Draws only the symbol; the word stays for screen readers. */
  bare?: boolean;
  /** Replaces the standard word. */
  label?: ReactNode;
  size?: number;
  className?: string | undefined;
}

/** Shape, colour and word of a status. */
export function StatusSymbol({ status, bare = false, label, size = 12, className }: StatusProps) {
  const t = useText(words);
  return <Icon icon={symbols[status]} label={label ?? t(symbols[status].word)} bare={bare} size={size} className={className} />;
}

/** Returns the status of a connection's state; they have the same names. */
export const connectionStatus = (state: ConnectionState): Status => state;

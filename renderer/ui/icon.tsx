import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** A shape on a 16 × 16 grid with its colour class. */
export interface IconShape {
  tone: string;
  shape: ReactNode;
}

/** The shapes that the UI kit draws; screens add their own. */
export const iconShapes = {
  ok: { tone: 'text-faint', shape: <path d="m3.5 8.4 3 3 6-6.6" /> },
  failing: { tone: 'text-danger', shape: <path d="m5 5 6 6m0-6-6 6" /> },
  running: { tone: 'text-muted', shape: <path d="M5 3.2v9.6L13 8Z" fill="currentColor" /> },
  error: {
    tone: 'text-danger',
    shape: (
      <>
        <path d="M5.2 2h5.6L14 5.2v5.6L10.8 14H5.2L2 10.8V5.2Z" />
        <path d="M8 5v3.6M8 11v.1" />
      </>
    ),
  },
  stale: {
    tone: 'text-attention',
    shape: (
      <>
        <path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />
        <circle cx="8" cy="8" r="6" strokeDasharray="2 2" />
      </>
    ),
  },
} as const satisfies Record<string, IconShape>;

interface IconProps {
  icon: IconShape;
  label: ReactNode;
  /** Draws only the shape; the label stays for screen readers. */
  bare?: boolean;
  size?: number;
  className?: string | undefined;
}

/** A shape with its label. */
export function Icon({ icon: { tone, shape }, label, bare = false, size = 12, className }: IconProps) {
  return (
    <span className={cn('inline-flex items-center gap-1.5 whitespace-nowrap', tone, className)}>
      <svg
        viewBox="0 0 16 16"
        aria-hidden="true"
        className="shrink-0"
        style={{ width: `${size / 16}rem`, height: `${size / 16}rem` }}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {shape}
      </svg>
      <span className={bare ? 'sr-only' : undefined}>{label}</span>
    </span>
  );
}

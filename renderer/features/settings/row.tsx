import type { ReactNode } from 'react';

/** A setting on one line: what it is at the start, its control at the end. */
export function Row({ title, hint, children }: { title: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-12 items-center justify-between gap-6 border-b py-2">
      <div className="min-w-0">
        <div className="font-medium">{title}</div>
        {hint && <p className="mt-0.5 text-muted text-sm">{hint}</p>}
      </div>
      <div className="flex shrink-0 items-center gap-3">{children}</div>
    </div>
  );
}

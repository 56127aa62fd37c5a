import type { ReactNode } from 'react';

/** A setting on one line: its name at the start, its control at the end. */
export function Row({ title, hint, children }: { title: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b py-2">
      <div className="min-w-40 flex-1">
        <div className="font-medium">{title}</div>
        {hint && <p className="mt-0.5 text-muted text-sm">{hint}</p>}
      </div>
      <div className="flex max-w-full flex-wrap items-center gap-3">{children}</div>
    </div>
  );
}

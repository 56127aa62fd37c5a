interface NameProps {
  name: string;
  /** Length of the prefix that all names in the list share. */
  shared: number;
}

/**
 * A name that is truncated first where all names are alike, so that the rest still distinguishes them. The full name is shown on hover. It
 * is aligned to the start of its line, whatever the direction of the name.
 */
export function Name({ name, shared }: NameProps) {
  return (
    <bdi className="inline-flex min-w-0 max-w-full align-bottom" title={name}>
      {/* The first character of a truncated text is never left out, only clipped: here it is one without width, so that the ellipsis is whole. */}
      <span className="shrink-[1000] truncate whitespace-pre before:content-['\200b']" style={{ minWidth: shared > 1 ? '1em' : 0 }}>
        {name.slice(0, shared)}
      </span>
      <span className="min-w-0 truncate whitespace-pre">{name.slice(shared)}</span>
    </bdi>
  );
}

interface NameProps {
  name: string;
  /** Length of what all names beside this one begin with. */
  shared: number;
}

/**
 * A name that is cut first where all of them are alike: what is left still tells them apart. The whole is there on hover. It stands at the
 * start of its line, also where the name reads in the other direction.
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

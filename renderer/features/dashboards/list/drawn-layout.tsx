import { type GridPlace, gridColumns } from '#common/contract/dashboards.ts';

interface Drawn {
  kind: string;
  type: string;
  place: GridPlace;
}

/** At most this many rows of the grid are shown in a small picture. */
const maxRows = 26;

/** Stands in for a missing thumbnail: shows the places and kinds of the panels. */
export function DrawnLayout({ panels }: { panels: readonly Drawn[] }) {
  const rows = Math.min(maxRows, Math.max(14, ...panels.map(({ place }) => place.y + place.h)));
  return (
    <svg
      viewBox={`0 0 ${gridColumns * 4} ${rows * 2.4}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="size-full rtl:-scale-x-100"
    >
      {panels
        .filter(({ place }) => place.y < rows)
        .map(({ kind, type, place }) => {
          const [x, y, w, h] = [place.x * 4 + 0.6, place.y * 2.4 + 0.6, place.w * 4 - 1.2, place.h * 2.4 - 1.2];
          return (
            <g key={`${place.x}/${place.y}`}>
              <rect x={x} y={y} width={w} height={h} rx="0.6" className="fill-background stroke-border" strokeWidth="0.3" />
              <Mark kind={kind} type={type} x={x} y={y} w={w} h={h} />
            </g>
          );
        })}
    </svg>
  );
}

function Mark({ kind, type, x, y, w, h }: { kind: string; type: string; x: number; y: number; w: number; h: number }) {
  const at = (fx: number, fy: number) => `${x + w * fx} ${y + h * fy}`;
  if (kind === 'text' || kind === 'logs' || type === 'table') {
    return (
      <path
        d={[0.3, 0.5, 0.7].map((fy) => `M${at(0.1, fy)}L${at(0.85, fy)}`).join('')}
        className="stroke-border-strong"
        strokeWidth="0.5"
        vectorEffect="non-scaling-stroke"
      />
    );
  }
  if (type === 'stat' || type === 'gauge' || type === 'pie') {
    return <circle cx={x + w / 2} cy={y + h / 2} r={Math.min(w, h) / 4} className="fill-none stroke-border-strong" strokeWidth="0.8" />;
  }
  if (type === 'bar') {
    return (
      <path
        d={[0.2, 0.4, 0.6, 0.8].map((fx, i) => `M${at(fx, 0.85)}L${at(fx, 0.4 + ((i * 7) % 4) * 0.1)}`).join('')}
        className="stroke-border-strong"
        strokeWidth={w / 10}
      />
    );
  }
  return (
    <path
      d={`M${at(0.06, 0.7)}L${at(0.25, 0.5)}L${at(0.4, 0.62)}L${at(0.6, 0.35)}L${at(0.8, 0.5)}L${at(0.94, 0.3)}`}
      className="fill-none stroke-border-strong"
      strokeWidth="1.4"
      vectorEffect="non-scaling-stroke"
    />
  );
}

import { cn } from './cn.ts';
import { formatTime } from './format.ts';
import { useText } from './i18n.ts';
import { usePreferences } from './preferences.tsx';
import { words } from './words.ts';

interface SparklineProps {
  /** Times, epoch ms, ascending. */
  t: readonly number[] | Float64Array;
  v: readonly number[] | Float64Array;
  /** The whole range, so that missing data shows as a gap at either end, ms. */
  from: number;
  to: number;
  /** A silence longer than this breaks the line, ms. */
  gapMs: number;
  /** Series colour, 1 to 8. */
  series?: number;
  className?: string;
}

const width = 100;
const height = 24;

/** Draws the line as an SVG path over 100 × 24, broken at gaps. */
function sparkPath({ t, v, from, to, gapMs }: Pick<SparklineProps, 't' | 'v' | 'from' | 'to' | 'gapMs'>): string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of v) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const span = high - low || 1;
  const flat = high === low;
  let path = '';
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < t.length; at++) {
    const time = t[at] ?? 0;
    const value = v[at] ?? 0;
    const x = ((time - from) / (to - from || 1)) * width;
    const y = flat ? height / 2 : height - 1 - ((value - low) / span) * (height - 2);
    path += `${time - last > gapMs ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    last = time;
  }
  return path;
}

/** A trend the size of a word. It never mirrors: time runs the same way on every chart. */
export function Sparkline({ series = 1, className, ...data }: SparklineProps) {
  const text = useText(words);
  const preferences = usePreferences();
  const label = text('trend', { from: formatTime(data.from, preferences), to: formatTime(data.to, preferences) });
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={cn('h-6 w-full', className)}
    >
      <path
        d={sparkPath(data)}
        fill="none"
        stroke={`var(--series-${series})`}
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

import type { Severity } from '#common/contract/primitives.ts';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { words } from './words.ts';

/** Each severity has a shape of its own, so that it is recognizable without colour and from far away. */
const shapes: Record<Severity, { path: string; tone: string; variable: string }> = {
  CRITICAL: { path: 'M8 1.2 15.4 14.6H.6Z', tone: 'text-critical', variable: '--critical' },
  HIGH: { path: 'M8 .6 15.4 8 8 15.4.6 8Z', tone: 'text-high', variable: '--high' },
  WARNING: { path: 'M1 2h14L8 14.8Z', tone: 'text-warning', variable: '--warning' },
  INFO: { path: 'M2.5 2.5h11v11h-11Z', tone: 'text-info', variable: '--info' },
};

/** Returns the text colour class of a severity. */
export const severityTone = (severity: Severity): string => shapes[severity].tone;
/** Returns the CSS variable with a severity's colour, for drawing outside CSS. */
export const severityVariable = (severity: Severity): string => shapes[severity].variable;

interface SeverityProps {
  severity: Severity;
  /** Draws only the shape; the word stays for screen readers. */
  bare?: boolean;
  /** Draws the shape hollow, for an alert that has an owner or is resolved. */
  hollow?: boolean;
  size?: number;
  className?: string;
}

/** Shape, colour and word of a severity. */
export function SeveritySymbol({ severity, bare = false, hollow = false, size = 12, className }: SeverityProps) {
  const t = useText(words);
  const { path, tone } = shapes[severity];
  return (
    <span className={cn('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
      <svg
        viewBox="0 0 16 16"
        aria-hidden="true"
        className={cn('shrink-0', tone)}
        style={{ width: `${size / 16}rem`, height: `${size / 16}rem` }}
        fill={hollow ? 'none' : 'currentColor'}
        stroke="currentColor"
        strokeWidth={hollow ? 1.8 : 0}
        strokeLinejoin="round"
      >
        <path d={path} />
      </svg>
      <span className={bare ? 'sr-only' : cn('font-semibold text-sm uppercase tracking-wide', tone)}>{t(severity)}</span>
    </span>
  );
}

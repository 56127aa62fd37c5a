import { type ReactNode, useMemo } from 'react';
import type { Change } from '#common/versions/diff.ts';
import { cn } from './cn.ts';
import { formatSetDuration } from './format.ts';
import { defineMessages, useText } from './i18n.ts';
import { usePreferences } from './preferences.tsx';

const words = defineMessages(
  {
    place: 'Where',
    added: 'added',
    removed: 'removed',
    changed: 'changed',
    reordered: 'order changed',
    nothing: 'Nothing there',
    same: 'Nothing differs.',
  },
  {
    place: 'الموضع',
    added: 'أُضيف',
    removed: 'حُذف',
    changed: 'تغيّر',
    reordered: 'تغيّر الترتيب',
    nothing: 'لا شيء',
    same: 'لا فرق.',
  },
);

interface DiffViewProps {
  changes: readonly Change[];
  /** The headings of the sides: “Version 3”, “Yours”. */
  before: ReactNode;
  after: ReactNode;
  /** Names a path for people; by default the path itself. */
  nameOf?: (path: readonly string[]) => string;
  className?: string;
}

const tones = {
  added: { sign: '+', before: '', after: 'bg-diff-added' },
  removed: { sign: '−', before: 'bg-diff-removed', after: '' },
  changed: { sign: '~', before: 'bg-diff-removed', after: 'bg-diff-added' },
  reordered: { sign: '↕', before: 'bg-diff-removed', after: 'bg-diff-added' },
} as const;

/** The differences between two versions side by side: the place, the old value, the new value. */
export function DiffView({ changes, before, after, nameOf, className }: DiffViewProps) {
  const t = useText(words);
  if (changes.length === 0) return <p className={cn('p-4 text-muted', className)}>{t('same')}</p>;
  return (
    <table className={cn('w-full table-fixed border-separate border-spacing-0', className)}>
      <thead>
        <tr>
          <th scope="col" className="w-1/4 border-b px-3 py-1.5 text-start font-medium text-faint text-sm">
            {t('place')}
          </th>
          <th scope="col" className="border-b px-3 py-1.5 text-start font-medium text-faint text-sm">
            {before}
          </th>
          <th scope="col" className="border-b px-3 py-1.5 text-start font-medium text-faint text-sm">
            {after}
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => {
          const tone = tones[change.kind];
          return (
            <tr key={change.path.join('/')}>
              <th scope="row" className="border-b px-3 py-2 text-start align-top font-normal">
                <span className="break-words">{nameOf?.(change.path) ?? change.path.join(' › ')}</span>
                <span className="mt-0.5 block text-faint text-sm">
                  <span aria-hidden="true">{tone.sign} </span>
                  {t(change.kind)}
                </span>
              </th>
              <Side value={change.before} path={change.path} tone={tone.before} none={t('nothing')} />
              <Side value={change.after} path={change.path} tone={tone.after} none={t('nothing')} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Side({ value, path, tone, none }: { value: unknown; path: readonly string[]; tone: string; none: string }) {
  const { language } = usePreferences();
  const isDuration = typeof value === 'number' && path.at(-1)?.endsWith('Ms');
  return (
    <td className={cn('border-b px-3 py-2 align-top', tone)}>
      {value === undefined ? (
        <span className="text-faint">{none}</span>
      ) : (
        <DiffValue value={isDuration ? formatSetDuration(value, language) : value} />
      )}
    </td>
  );
}

/** A value for people: text as it is, short numbers, everything else as an outline. */
export function DiffValue({ value }: { value: unknown }) {
  const text = useMemo(() => printValue(value), [value]);
  // The text keeps its own direction, but is aligned with the page.
  if (typeof value !== 'object' || value === null) return <bdi className="whitespace-pre-wrap break-words">{text}</bdi>;
  return (
    <span dir="ltr" className="block whitespace-pre-wrap break-words text-start font-mono text-xs">
      {text}
    </span>
  );
}

/** Prints `x: 4, y: 0` for flat, short values, an indented outline otherwise. */
export function printValue(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '“”' : value;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Array.isArray(value) ? value.map((one) => printValue(one)) : fieldsOf(value);
  const line = entries.join(', ');
  if (line.length <= 72 && !line.includes('\n')) return line === '' ? '–' : line;
  return entries.map((entry) => entry.replaceAll('\n', '\n  ')).join('\n');
}

function fieldsOf(value: object): string[] {
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => {
      const text = printValue(inner);
      return text.includes('\n') ? `${name}:\n  ${text.replaceAll('\n', '\n  ')}` : `${name}: ${text}`;
    });
}

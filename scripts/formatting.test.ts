import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Ways to write a number, a duration or a time that bypass the formatters. */
const handmade: { name: string; pattern: RegExp }[] = [
  { name: 'a number in the locale of the machine', pattern: /\.toLocale(Date|Time)?String\(/ },
  {
    name: 'a formatter of its own',
    pattern: /\bIntl\.(NumberFormat|DateTimeFormat|RelativeTimeFormat|DurationFormat)\((?!\)\.resolvedOptions)/,
  },
  { name: 'decimals of its own', pattern: /\.to(Fixed|Precision|Exponential)\(/ },
  { name: 'a unit after a number in a template', pattern: /\$\{[^}`]*\}(\s?(ms|s|min|h|d)|\s%)(?![\w(/=])/ },
  { name: 'a duration in a catalogue', pattern: /^\s*\w+: .*[^$]\{\w+\}\s?(ms|s|min|h|d)\b(?!=)/ },
  { name: 'a unit after a number in markup', pattern: /\}\s(ms|s|min|h|d|%)</ },
];

/** Text that only looks like text for people, each with a reason. */
const allowed: Record<string, RegExp[]> = {
  // The formatters.
  'common/format.ts': [/./],
  'renderer/ui/format.ts': [/Intl\.DateTimeFormat/],
  // Months and years in full, with the plural of the language.
  'renderer/charts/range-picker/use-range-label.ts': [/Intl\.NumberFormat/],
  // The contract imports nothing.
  'common/contract/issue-text.ts': [/const formatNumber/],
  'renderer/charts/engine/ticks.ts': [/Intl\.DateTimeFormat/],
  // Fields of a calendar, to count with.
  'common/time/zone.ts': [/Intl\.DateTimeFormat/],
  'common/contract/signals.ts': [/Intl\.DateTimeFormat/],
  'main/core/export/words.ts': [/Intl\.DateTimeFormat/],
  'main/core/export/documents.ts': [/Intl\.DateTimeFormat/],
  // Coordinates and rounded numbers.
  'renderer/ui/sparkline.tsx': [/toFixed\(1\)/],
  'renderer/charts/panel/stat.tsx': [/toFixed\(1\)/],
  'renderer/charts/engine/svg-pen.ts': [/./],
  'renderer/charts/engine/scale.ts': [/toPrecision/],
  'renderer/charts/panel/threshold-chart.tsx': [/toPrecision/],
  'renderer/charts/panel/round-up.ts': [/toPrecision/],
  'common/rules/suggest.ts': [/toPrecision/],
  // Addresses and times for machines.
  'renderer/domain/address.ts': [/lastMs/],
};

/** Lines that format by hand, as `file:line: what`. */
function violationsIn(file: string, text: string): string[] {
  const excuses = allowed[file] ?? [];
  return text.split('\n').flatMap((line, at) => {
    if (/^\s*(\/\/|\*|\/\*)/.test(line) || excuses.some((excuse) => excuse.test(line))) return [];
    return handmade.filter(({ pattern }) => pattern.test(line)).map(({ name }) => `${file}:${at + 1}: ${name}`);
  });
}

describe('numbers, durations and times that people read', () => {
  const files = globSync('{renderer,common,main}/**/*.{ts,tsx}', { cwd: root }).filter((file) => !/\.test\.tsx?$/.test(file));

  it('come from the formatters in every file of the console', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap((file) => violationsIn(file, readFileSync(`${root}/${file}`, 'utf8')))).toEqual([]);
  });

  // § stands for the dollar of a template, which the linter would take for a mistake in plain quotes.
  it.each([
    'const text = value.toFixed(2);',
    'const text = count.toLocaleString(locale);',
    'const format = new Intl.NumberFormat(locale);',
    'return `§{Math.round(ms / 1000)} s`;',
    'return `§{minutes}min`;',
    'return `§{share * 100} %`;',
    '<span>{Math.round(latency)} ms</span>',
  ])('are refused when made by hand: %s', (line) => expect(violationsIn('renderer/some.tsx', line.replaceAll('§', '$'))).toHaveLength(1));

  it.each([
    'return `§{from}-§{to}`;',
    'style={{ width: `§{percent}px` }}',
    'const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;',
    'style={{ width: `§{percent}%` }}',
    "ago: '{age} ago',",
  ])('leave other text alone: %s', (line) => expect(violationsIn('renderer/some.tsx', line.replaceAll('§', '$'))).toEqual([]));
});

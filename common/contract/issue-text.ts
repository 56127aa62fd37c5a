import { z } from 'zod';
import { formatNumber } from '../format.ts';

/**
 * Replaces zod's error messages ("Too big: expected array to have <=500 items") with sentences that can be shown on a screen. A schema with
 * its own message keeps it. Importing this file is enough.
 */
z.config({ localeError: (issue) => issueText(issue) });

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
  tuple: 'a list of fixed length',
  null: 'nothing',
  date: 'a date',
};
const formatHints: Readonly<Record<string, string>> = {
  email: 'Use an e-mail address, such as name@example.org.',
  url: 'Use a complete address, such as https://example.org.',
  uuid: 'Use a UUID.',
  guid: 'Use a UUID.',
  datetime: 'Use a date and time in ISO 8601, such as 2026-01-31T03:00:00Z.',
  date: 'Use a date such as 2026-01-31.',
  time: 'Use a time such as 03:00.',
  ipv4: 'Use an IPv4 address.',
  ipv6: 'Use an IPv6 address.',
};

/** Describes what is wrong with a value, and how to fix it, in one sentence. */
function issueText(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'This is missing.';
      return `This has to be ${typeNames[issue.expected] ?? 'something else'}, not ${nameOf(issue.input)}.`;
    case 'too_big':
      return tooBig(issue);
    case 'too_small':
      return tooSmall(issue);
    case 'not_multiple_of':
      return `Use a multiple of ${formatNumber(issue.divisor)}.`;
    case 'invalid_value':
      return issue.values.length === 1 ? `Use ${quoted(issue.values)}.` : `Use one of ${quoted(issue.values)}.`;
    case 'invalid_format':
      return formatHints[issue.format] ?? 'This is not in the form that is expected here.';
    case 'unrecognized_keys':
      return issue.keys.length === 1 ? `The field ${quoted(issue.keys)} is not known.` : `The fields ${quoted(issue.keys)} are not known.`;
    case 'invalid_key':
      return 'A name in this group is not acceptable.';
    case 'invalid_element':
      return 'An entry of this list is not acceptable.';
    case 'invalid_union':
      return 'This is none of the forms that are expected here.';
    default:
      return 'This value is not acceptable.';
  }
}

function tooBig({ origin, maximum, inclusive, input }: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>): string {
  const limit = formatNumber(Number(maximum));
  if (origin === 'string') return `Use at most ${counted(maximum, 'character')}.`;
  if (isList(origin))
    return `At most ${counted(maximum, 'entry')} at once${Array.isArray(input) ? `; there are ${formatNumber(input.length)}` : ''}.`;
  return inclusive === false ? `Use a value below ${limit}.` : `Use a value of at most ${limit}.`;
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  const limit = formatNumber(Number(minimum));
  if (origin === 'string') return minimum === 1 ? 'This must not be empty.' : `Use at least ${counted(minimum, 'character')}.`;
  if (isList(origin)) return `Give at least ${counted(minimum, 'entry')}.`;
  return inclusive === false ? `Use a value above ${limit}.` : `Use a value of at least ${limit}.`;
}

const isList = (origin: string): boolean => ['array', 'set', 'map', 'file'].includes(origin);
const plurals: Readonly<Record<string, string>> = { character: 'characters', entry: 'entries' };
const counted = (count: number | bigint, noun: string): string =>
  `${formatNumber(Number(count))} ${Number(count) === 1 ? noun : plurals[noun]}`;
const quoted = (values: readonly unknown[]): string => values.map((value) => `“${String(value)}”`).join(', ');

function nameOf(input: unknown): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'number') return Number.isFinite(input) ? 'a number with a fraction' : 'a value that is no number';
  return typeNames[typeof input] ?? 'this';
}

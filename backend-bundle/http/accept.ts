import { AppError } from '#common/contract/errors.ts';

export const jsonMediaType = 'application/json';

/**
 * Returns the offered media type that the Accept header prefers; the first one if several are equal.
 * @throws AppError not_acceptable when the caller accepts none of them
 */
export function choose(accept: string | undefined, offered: readonly string[]): string {
  const [first = jsonMediaType] = offered;
  if (accept === undefined || accept.trim() === '') return first;
  const ranges = accept.split(',').map(parseRange);
  let best = { type: '', weight: 0 };
  for (const type of offered) {
    const weight = weightOf(type, ranges);
    if (weight > best.weight) best = { type, weight };
  }
  if (best.weight > 0) return best.type;
  throw new AppError('not_acceptable', `This endpoint cannot answer with “${accept}”.`, {
    field: 'accept',
    hint: `Accept ${offered.join(' or ')}, or leave the header out.`,
  });
}

interface Range {
  type: string;
  weight: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
}

/** Returns the weight of the most specific range that includes the type. */
function weightOf(type: string, ranges: readonly Range[]): number {
  const [group] = type.split('/');
  for (const name of [type, `${group}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === name);
    if (range) return range.weight;
  }
  return 0;
}

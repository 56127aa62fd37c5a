import type { DashboardBody } from '#common/contract/dashboards.ts';
import { dashboardBody } from '#common/contract/dashboards.ts';
import { mergeDashboards } from '#common/dashboards/merge.ts';
import type { Clash } from '#common/versions/merge.ts';
import { same } from '#common/versions/shape.ts';
import { settle } from './layout.ts';

export type Side = 'mine' | 'theirs';
export const clashKey = ({ path }: Pick<Clash, 'path'>): string => path.join('/');

type Plain = Record<string, unknown>;
const identities: Record<string, string> = { panels: 'id', variables: 'name' };

/** Returns a copy of a document with another value at `path`; undefined removes it. */
function withValue(value: unknown, path: readonly string[], to: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return to;
  const object = (value ?? {}) as Plain;
  const identity = identities[name];
  const list = object[name];
  if (identity !== undefined && Array.isArray(list) && rest.length > 0) {
    const [id, ...inner] = rest;
    const known = list.some((one: Plain) => one[identity] === id);
    const entries = known ? list : [...list, undefined];
    const next = entries.map((one: Plain | undefined) => (one === undefined || one[identity] === id ? withValue(one, inner, to) : one));
    return { ...object, [name]: next.filter((one: unknown) => one !== undefined) };
  }
  const next = withValue(object[name], rest, to);
  const { [name]: _, ...others } = object;
  return next === undefined ? others : { ...object, [name]: next };
}

/**
 * Merges both sides, using the chosen side where they conflict.
 * @param choices by `clashKey`; theirs where nothing was chosen
 */
export function resolve(
  base: DashboardBody,
  mine: DashboardBody,
  theirs: DashboardBody,
  choices: ReadonlyMap<string, Side>,
): DashboardBody {
  const { merged, clashes } = mergeDashboards(base, mine, theirs, 'theirs');
  const chosen = clashes
    .filter((clash) => choices.get(clashKey(clash)) === 'mine')
    .reduce<unknown>((document, clash) => withValue(document, clash.path, clash.mine), merged);
  const body = dashboardBody.parse(chosen);
  return { ...body, panels: settle(body.panels) };
}

/** Returns the edit after `sent` was saved, and perhaps merged: the saved state plus every step made while saving. */
export function afterSave(sent: DashboardBody, present: DashboardBody, saved: DashboardBody): DashboardBody {
  if (same(sent, present)) return saved;
  const body = dashboardBody.parse(mergeDashboards(sent, present, saved, 'mine').merged);
  return { ...body, panels: settle(body.panels) };
}

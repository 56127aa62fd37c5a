import { type DashboardSummary, dashboards } from '#common/contract/dashboards.ts';
import { reservedCodes } from '#common/contract/reserved.ts';

export interface Folder {
  /** `Plant/North`; '' is the top. */
  path: string;
  name: string;
  /** Number of dashboards in it and below. */
  count: number;
  folders: Folder[];
}

/** Returns the folders of dashboards, each below its parent, by name. */
export function treeOf(dashboards: readonly Pick<DashboardSummary, 'folder'>[]): Folder {
  const root: Folder = { path: '', name: '', count: dashboards.length, folders: [] };
  for (const { folder } of dashboards) {
    let at = root;
    for (const name of folder === '' ? [] : folder.split('/')) {
      const path = at.path === '' ? name : `${at.path}/${name}`;
      let next = at.folders.find((one) => one.path === path);
      if (!next) {
        next = { path, name, count: 0, folders: [] };
        at.folders.push(next);
        at.folders.sort((a, b) => a.name.localeCompare(b.name));
      }
      next.count += 1;
      at = next;
    }
  }
  return root;
}

interface Wanted {
  search?: string | undefined;
  folder?: string | undefined;
  starred?: boolean | undefined;
  sort: 'title' | 'changed';
}

/** Returns the dashboards that match the address, starred ones first. Every word of the search must occur somewhere. */
export function wantedOf(dashboards: readonly DashboardSummary[], { search = '', folder, starred, sort }: Wanted): DashboardSummary[] {
  const needles = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return dashboards
    .filter((one) => starred !== true || one.starred)
    .filter((one) => folder === undefined || one.folder === folder || one.folder.startsWith(`${folder}/`))
    .filter((one) => {
      const text = [one.title, one.code, one.folder, one.description, ...one.tags].join(' ').toLocaleLowerCase();
      return needles.every((needle) => text.includes(needle));
    })
    .toSorted(
      (a, b) =>
        Number(b.starred) - Number(a.starred) || (sort === 'changed' ? b.updatedAt - a.updatedAt : 0) || a.title.localeCompare(b.title),
    );
}

/** Proposes an unused code for a title. Titles without Latin letters become `dashboard`. */
export function codeFor(title: string, taken: readonly string[]): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48);
  const base = plain === '' ? 'dashboard' : plain;
  for (let n = 1; ; n += 1) {
    const code = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(code) && !reservedCodes(dashboards.create.path).has(code)) return code;
  }
}

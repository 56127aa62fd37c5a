import type { NotCarried } from '../../contract/dashboards.ts';
import { fill, type LossCode, type LossParams, lossWords } from '../losses.ts';

const maxLength = 500;
const shorten = (text: string) => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);

/** Names of a dashboard's parts in the list of losses. Panels and rows are listed by title. */
export const dashboardItself = 'Dashboard';
export const itsVariables = 'Variables';
const scopes = new Map<string, NotCarried['scope']>([
  [dashboardItself, 'dashboard'],
  [itsVariables, 'variables'],
]);

/** Describes one loss of an import, for the API and the console. */
export function notCarriedOf(where: string, code: LossCode, params: LossParams, scope: NotCarried['scope']): NotCarried {
  const short = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? shorten(value) : value]),
  );
  const [what, why] = lossWords[code];
  return { scope, where, what: fill(what, short), why: fill(why, short), code, params: short };
}

/** Collects what could not be carried over, each thing once. */
export class Losses {
  readonly #found = new Map<string, NotCarried>();

  /** @param where the panel's title, or the name of a part of the dashboard */
  add(where: string, code: LossCode, params: LossParams = {}): void {
    const loss = notCarriedOf(where, code, params, scopes.get(where) ?? 'panel');
    this.#found.set(JSON.stringify([where, code, loss.params]), loss);
  }

  /** Adds a panel that is left out. Each is listed, even if titles and reasons are equal. */
  addPanel(where: string, code: LossCode, params: LossParams = {}): void {
    this.#found.set(`panel ${this.#found.size}`, notCarriedOf(where, code, params, 'panel'));
  }

  get all(): NotCarried[] {
    return [...this.#found.values()];
  }
}

export type CutPart = 'title' | 'description' | 'label' | 'legend' | 'text' | 'query';

/** Shortens a text to the maximum length, and reports the loss. */
export function fitting(text: string, max: number, where: string, part: CutPart, losses: Losses): string {
  if (text.length <= max) return text;
  losses.add(where, 'cut', { part, max });
  return text.slice(0, max);
}

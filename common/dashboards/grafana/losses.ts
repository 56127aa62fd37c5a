import type { NotCarried } from '../../contract/dashboards.ts';
import { fill, type LossCode, type LossParams, lossWords } from '../losses.ts';

const maxLength = 500;
const shorten = (text: string) => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);

/** The parts of a dashboard that losses are told of, besides its panels and rows, which go by their titles. */
export const dashboardItself = 'Dashboard';
export const itsVariables = 'Variables';
const scopes = new Map<string, NotCarried['scope']>([
  [dashboardItself, 'dashboard'],
  [itsVariables, 'variables'],
]);

/** One thing that an import loses, for the API and for the console. */
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

  /** @param where the panel's title, or a part of the dashboard */
  add(where: string, code: LossCode, params: LossParams = {}): void {
    const loss = notCarriedOf(where, code, params, scopes.get(where) ?? 'panel');
    this.#found.set(JSON.stringify([where, code, loss.params]), loss);
  }

  /** Each panel that is left out is told by itself, also where titles and reasons are alike. */
  addPanel(where: string, code: LossCode, params: LossParams = {}): void {
    this.#found.set(`panel ${this.#found.size}`, notCarriedOf(where, code, params, 'panel'));
  }

  get all(): NotCarried[] {
    return [...this.#found.values()];
  }
}

export type CutPart = 'title' | 'description' | 'label' | 'legend' | 'text' | 'query';

/** Cuts a text to what fits, and says so. */
export function fitting(text: string, max: number, where: string, part: CutPart, losses: Losses): string {
  if (text.length <= max) return text;
  losses.add(where, 'cut', { part, max });
  return text.slice(0, max);
}

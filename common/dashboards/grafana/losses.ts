import type { NotCarried } from '../../contract/dashboards.ts';

const longest = 500;

/** Collects what could not be carried over, each thing once. */
export class Losses {
  readonly #found = new Map<string, NotCarried>();

  /**
   * @param where the panel's title, or the part of the dashboard
   * @param what the thing as Grafana has it
   */
  add(where: string, what: string, why: string): void {
    const cut = what.length > longest ? `${what.slice(0, longest)}…` : what;
    this.#found.set(JSON.stringify([where, cut, why]), { where, what: cut, why });
  }

  get all(): NotCarried[] {
    return [...this.#found.values()];
  }
}

/** Cuts a text to what fits, and says so. */
export function fitting(text: string, most: number, where: string, what: string, losses: Losses): string {
  if (text.length <= most) return text;
  losses.add(where, what, `It is longer than ${most} characters and was cut.`);
  return text.slice(0, most);
}

import type { Inhibition } from '../contract/policies.ts';
import type { Labels } from '../contract/primitives.ts';
import { matchesAll } from './matchers.ts';

/** A firing alert, as policies see it: `labels` are its policy labels. */
export interface PolicySubject {
  alertId: string;
  labels: Labels;
}

/** The alerts of a rule's source with the same values of its equal labels: the first of all, and the first that isn't a target as well. */
interface Sources {
  any: PolicySubject;
  only: PolicySubject | null;
}

/** One rule with its sources, found by the values of the equal labels. */
class IndexedInhibition {
  readonly rule: Inhibition;
  readonly #sources = new Map<string, Sources>();

  constructor(rule: Inhibition, firing: readonly PolicySubject[]) {
    this.rule = rule;
    for (const one of firing) {
      if (!matchesAll(rule.source, one.labels)) continue;
      const key = this.#key(one.labels);
      const only = matchesAll(rule.target, one.labels) ? null : one;
      const known = this.#sources.get(key);
      this.#sources.set(key, { any: known?.any ?? one, only: known?.only ?? only });
    }
  }

  findSource({ labels }: PolicySubject): PolicySubject | null {
    if (!matchesAll(this.rule.target, labels)) return null;
    const sources = this.#sources.get(this.#key(labels));
    // An alert that is source and target isn't inhibited by others that are both: neither by itself nor in a circle.
    return (matchesAll(this.rule.source, labels) ? sources?.only : sources?.any) ?? null;
  }

  #key(labels: Labels): string {
    return JSON.stringify(this.rule.equal.map((name) => (Object.hasOwn(labels, name) ? labels[name] : '')));
  }
}

/** Says which firing alert inhibits another. Silenced and inhibited alerts inhibit as well, as in Alertmanager. */
export class Inhibitions {
  readonly #rules: IndexedInhibition[];

  /** @param firing every firing alert */
  constructor(rules: readonly Inhibition[], firing: readonly PolicySubject[]) {
    this.#rules = rules.map((rule) => new IndexedInhibition(rule, firing));
  }

  /** Returns the first rule that inhibits an alert, and the alert that is its source; null when none does. */
  find(target: PolicySubject): { rule: Inhibition; source: PolicySubject } | null {
    for (const indexed of this.#rules) {
      const source = indexed.findSource(target);
      if (source !== null) return { rule: indexed.rule, source };
    }
    return null;
  }
}

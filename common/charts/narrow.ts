import type { SelectorTemplate } from '../contract/charts.ts';
import type { Labels } from '../contract/primitives.ts';

/** A selector narrowed to the one series with these labels. Without labels it stays as it is: it is meant as a whole. */
export function narrowSelector<S extends SelectorTemplate>(selector: S, labels: Labels): S {
  if (selector.from === 'metric') return { ...selector, labels: { ...selector.labels, ...labels } };
  const segment = labels['segment'];
  return segment === undefined ? selector : { ...selector, segmentCode: segment };
}

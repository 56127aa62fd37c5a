import type { SelectorTemplate } from '../contract/charts.ts';
import type { Labels } from '../contract/primitives.ts';

/** Narrows a selector to the series with these labels. Without labels it stays unchanged. */
export function narrowSelector<S extends SelectorTemplate>(selector: S, labels: Labels): S {
  if (selector.from === 'metric') return { ...selector, labels: { ...selector.labels, ...labels } };
  const segment = labels['segment'];
  return segment === undefined ? selector : { ...selector, segmentCode: segment };
}

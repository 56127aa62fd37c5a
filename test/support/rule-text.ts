/** A valid rule as a file, for tests that replace a part of it. */
export const ruleText = `code: low
name: Low
chart: belt
severity: HIGH
when:
  conditions:
    - kind: threshold
      aggregation: avg
      window: 5m
      operator: below
      threshold: 1
`;

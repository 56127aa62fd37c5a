import type { Condition } from '#common/contract/conditions.ts';

/** The fields of one condition. */
export interface ConditionProps<C extends Condition = Condition> {
  condition: C;
  onChange: (condition: Condition) => void;
  /** Unit of the chart. */
  unit: string;
  /** Returns what is wrong with a field of the condition. */
  problem: (field: string) => string | undefined;
}

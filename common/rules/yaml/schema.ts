import { z } from 'zod';
import { ruleInput } from '../../contract/rules.ts';
import { durationPattern, printDuration } from '../../time/exact-duration.ts';
import { fileName, isDuration, operatorWords } from './fields.ts';

type Schema = z.core.JSONSchema.JSONSchema;
type Properties = Record<string, Schema>;

const duration: Schema = {
  type: 'string',
  pattern: durationPattern.source,
  description: 'A length of time, such as 30s, 5m, 1h30m or 14d.',
};

/** Returns the JSON schema of a document in a file of rules, derived from the contract: one rule, or a list of them in `rules`. */
export function ruleFileSchema(): Record<string, unknown> {
  const { $schema, properties = {}, required = [], ...rest } = z.toJSONSchema(ruleInput, { io: 'input' });
  const { conditions, match: _, ...own } = properties as Properties;
  const when: Schema = {
    type: 'object',
    properties: {
      match: { type: 'string', enum: ['all', 'any', 'score'], default: 'all' },
      score: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'With match: score, the share of all weights that must hold.',
      },
      conditions: { ...conditions, items: { oneOf: conditionsIn(conditions).map(inFile) } },
    },
    required: ['conditions'],
    additionalProperties: false,
  };
  const rule = inFile({ ...rest, properties: own, required: required.filter((name) => name !== 'conditions') });
  const list: Schema = {
    type: 'object',
    properties: { rules: { type: 'array', items: { $ref: '#/$defs/rule' } } },
    required: ['rules'],
    additionalProperties: false,
  };
  const complete = { ...rule, properties: { ...rule.properties, when }, required: [...(rule.required ?? []), 'when'] };
  return { $schema, title: 'Watchfloor alert rules', $defs: { rule: complete }, anyOf: [{ $ref: '#/$defs/rule' }, list] };
}

const conditionsIn = (conditions: Schema | undefined): Schema[] => ((conditions?.items as Schema | undefined)?.oneOf ?? []) as Schema[];

/** Converts the schema of a group of fields to the names and values that files have. */
function inFile(schema: Schema): Schema {
  const fields = Object.entries((schema.properties ?? {}) as Properties).map(([name, field]) => [fileName(name), fieldInFile(name, field)]);
  return { ...schema, properties: Object.fromEntries(fields), required: schema.required?.map(fileName) ?? [] };
}

function fieldInFile(name: string, field: Schema): Schema {
  if (isDuration(name)) return typeof field.default === 'number' ? { ...duration, default: printDuration(field.default) } : duration;
  return name === 'operator' ? { type: 'string', enum: Object.values(operatorWords) } : field;
}

import { AppError } from '../../contract/errors.ts';
import { fieldOf, isDeeperThan, isObject, type JsonObject, maxDepth } from './json.ts';

/** Fields that may contain a dashboard: in the API, `grafana.com`, provisioning, operators and resource files. */
const wrappers = ['dashboard', 'spec', 'json', 'model', 'data'] as const;
/** Maximum number of nested wrappers. */
const maxWrappers = 8;

export interface Unwrapped {
  model: JsonObject;
  /** 2 for the schema `dashboard.grafana.app/v2`: elements and a layout. */
  version: 1 | 2;
  /** Values the wrapper gives to inputs of the file. */
  inputs: readonly unknown[];
}

/**
 * Finds a Grafana dashboard in its wrappers: objects, lists with one entry, and JSON as text.
 * @returns null if there is none: nothing with panels, rows, or elements
 * @throws AppError validation_failed when there are several, or when it is nested too deeply
 */
export function unwrap(json: unknown): Unwrapped | null {
  const inputs: unknown[] = [];
  let value = json;
  for (let step = 0; step < maxWrappers; step += 1) {
    if (typeof value === 'string') {
      value = parsed(value);
      continue;
    }
    if (Array.isArray(value)) {
      if (value.length > 1) throw several(value.length);
      value = value[0];
      continue;
    }
    if (!isObject(value)) return null;
    const version = versionOf(value);
    if (version !== null) {
      if (isDeeperThan(value, maxDepth)) throw tooDeep();
      return { model: value, version, inputs };
    }
    const given = fieldOf(value, 'inputs');
    if (Array.isArray(given)) inputs.push(...given);
    value = inside(value);
  }
  return null;
}

function versionOf(value: JsonObject): 1 | 2 | null {
  if (Array.isArray(fieldOf(value, 'panels')) || Array.isArray(fieldOf(value, 'rows'))) return 1;
  return isObject(fieldOf(value, 'elements')) && isObject(fieldOf(value, 'layout')) ? 2 : null;
}

function inside(value: JsonObject): unknown {
  for (const name of wrappers) {
    const inner = fieldOf(value, name);
    if (typeof inner === 'object' && inner !== null) return inner;
    if (typeof inner === 'string' && /^\s*[[{"]/.test(inner)) return inner;
  }
  // The data of a ConfigMap: files by name.
  const files = Object.entries(value).filter(([name, inner]) => name.endsWith('.json') && typeof inner === 'string');
  if (files.length > 1) throw several(files.length);
  return files[0]?.[1];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

const several = (count: number): AppError =>
  new AppError('validation_failed', `This holds ${count} dashboards.`, { field: 'json', hint: 'Import them one at a time.' });
const tooDeep = (): AppError =>
  new AppError('validation_failed', `Lists and objects lie more than ${maxDepth} deep in one another.`, {
    field: 'json',
    hint: 'Export the dashboard from Grafana as JSON, and import the file unchanged.',
  });

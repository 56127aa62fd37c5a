import type { ReadableDb, WritableDb } from './connection.ts';

/** An operation that a reader thread may run. The type accepts any parameter, because each operation declares its own input. */
type Read = (db: ReadableDb, input: never) => unknown;
type Write = (db: WritableDb, input: never) => unknown;

/**
 * The operations of one feature, which keeps its SQL next to its rules. A reader thread has only the reads, and writes require a
 * `WritableDb`, so the two can't be confused.
 */
export interface Operations {
  reads?: Record<string, Read>;
  writes?: Record<string, Write>;
  /** For some operations, by name: the buffers of the output that are transferred instead of copied. */
  transfers?: Record<string, (output: never) => ArrayBuffer[]>;
}

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;
type Part<Features, Key extends keyof Operations> = Intersection<
  { [Name in keyof Features]: Features[Name] extends Record<Key, infer Found> ? Found : never }[keyof Features]
>;

/** The operations of all features together. */
export interface Combined<Features> {
  reads: Part<Features, 'reads'>;
  writes: Part<Features, 'writes'>;
  transfers: NonNullable<Operations['transfers']>;
}

/**
 * Combines the operations of features into one table, which the threads look names up in.
 * @throws Error when two operations have the same name: one would silently take the calls of the other
 */
export function combineOperations<const Features extends Record<string, Operations>>(features: Features): Combined<Features> {
  const owners = new Map<string, string>();
  const combined = { reads: {}, writes: {}, transfers: {} };
  for (const [feature, operations] of Object.entries(features)) {
    for (const kind of ['reads', 'writes'] as const) {
      for (const name of Object.keys(operations[kind] ?? {})) {
        const owner = owners.get(name);
        if (owner !== undefined)
          throw new Error(`The database operation ${name} is defined twice, by ${owner} and by ${feature}. Rename one of them.`);
        owners.set(name, feature);
      }
      Object.assign(combined[kind], operations[kind]);
    }
    Object.assign(combined.transfers, operations.transfers);
  }
  return combined as Combined<Features>;
}

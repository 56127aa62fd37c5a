import { all, type ReadableDb, run, type WritableDb } from './connection.ts';
import { combineOperations } from './operations.ts';
import type { Schema } from './schema.ts';

/** A small feature for the engine's tests. `end` ends its thread for real, in the middle of a transaction. */
export const testSchema: Schema = {
  migrations: ['CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT'],
  checked: ['words'],
  preserved: ['words'],
};

function words(db: ReadableDb): string[] {
  return all<{ word: string }>(db, 'SELECT word FROM words ORDER BY id').map(({ word }) => word);
}

function add(db: WritableDb, { word }: { word: string }): void {
  run(db, 'INSERT INTO words (word) VALUES (@word)', { word });
}

function addAndEnd(db: WritableDb, input: { word: string }): void {
  add(db, input);
  process.exit(3);
}

function endReader(): void {
  process.exit(3);
}

export const testOperations = combineOperations({ test: { reads: { words, endReader }, writes: { add, addAndEnd } } });

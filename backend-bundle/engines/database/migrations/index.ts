import type { RawBuilder } from 'kysely';
import type { Ddl } from '../ddl.ts';
import { first } from './0001_first.ts';
import { versions } from './0002_versions.ts';

/** One step from a schema to the next. Never changed once released: a mistake is mended by another step. */
export interface Migration {
  version: number;
  name: string;
  up(run: (statement: RawBuilder<unknown>) => Promise<void>, ddl: Ddl): Promise<void>;
}

/** Every step, oldest first. */
export const migrations: readonly Migration[] = [first, versions];

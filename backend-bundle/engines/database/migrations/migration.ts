import type { RawBuilder } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** One step from a schema to the next. Never change a released step: correct a mistake in a new one. */
export interface Migration {
  version: number;
  name: string;
  up(run: (statement: RawBuilder<unknown>) => Promise<void>, ddl: Ddl): Promise<void>;
}

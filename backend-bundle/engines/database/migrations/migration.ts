import type { RawBuilder } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** One step from a schema to the next. Never changed once released: a mistake is corrected by another step. */
export interface Migration {
  version: number;
  name: string;
  up(run: (statement: RawBuilder<unknown>) => Promise<void>, ddl: Ddl): Promise<void>;
}

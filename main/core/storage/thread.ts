import { serveDatabase } from '../database/thread.ts';
import { operations } from './features.ts';
import { schema } from './schema.ts';

/** Entry of the database threads. */
serveDatabase(schema, operations);

import { testOperations, testSchema } from './test-operations.ts';
import { serveDatabase } from './thread.ts';

/** Entry of the threads in the engine's tests. */
serveDatabase(testSchema, testOperations);

import Database from 'better-sqlite3';

/**
 * Loads the SQLite addon in the main thread, as the lock on the data folder does in the backend and in the console.
 *
 * Node unloads an addon as soon as the last thread that loaded it ends. A test that uses SQLite in worker threads only would load and
 * unload it again and again, and twice the process of such a test ended with a segmentation fault as a worker ended
 * (github.com/WiseLibs/better-sqlite3/issues/1476 describes the kind).
 */
new Database(':memory:').close();

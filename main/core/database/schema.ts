/** What the engine is told of the database it keeps. */
export interface Schema {
  /** SQL, in order: the place in this list is the version that it leads to. Never change one that was released. */
  migrations: readonly string[];
  /** Small tables that are read whole at each start, to notice damage in a file that is too large for a full check. */
  checked: readonly string[];
  /** Tables of what is nowhere else, saved from a damaged file. Parents before children; each has a column `id`. */
  preserved: readonly string[];
}

/** Describes a database to the engine. */
export interface Schema {
  /** SQL, in order: the position in this list is the resulting version. Never change a released migration. */
  migrations: readonly string[];
  /** Small tables that are read whole at each start, to notice damage in a file that is too large for a full check. */
  checked: readonly string[];
  /** Tables whose data exists nowhere else, so they are saved from a damaged file. Parents before children; each has a column `id`. */
  preserved: readonly string[];
}

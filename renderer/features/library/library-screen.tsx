/** The chart definitions of a connection. */
export function LibraryScreen() {
  return null;
}

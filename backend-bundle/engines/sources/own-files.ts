import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** The files of the backend's own data folder, which no source may read: they hold password hashes and sealed secrets. */
export interface OwnFiles {
  /** Whether a path leads to one of them, by whatever name: symbolic and hard links, `..`, another mount of the folder. */
  holds(file: string): boolean;
}

/** Resolves links; of a file that does not exist yet, those of its folder. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    try {
      return join(realpathSync(dirname(file)), basename(file));
    } catch {
      return file;
    }
  }
}

/** @returns device and inode, which is what a file is whatever it is called; null when there is no such file */
function identityOf(file: string): string | null {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** @param allowed files inside that may be read all the same */
export function openOwnFiles(folder: string, allowed: readonly string[]): OwnFiles {
  return {
    holds(file) {
      const path = realPath(file);
      const root = realPath(folder);
      const identity = identityOf(path);
      // By its own name: a link in its place leads elsewhere.
      const isAllowed = allowed.some((each) => join(realPath(dirname(each)), basename(each)) === path);
      if (path === root || path.startsWith(root + sep)) return !isAllowed || isLinkTo(root, path, identity);
      if (identity === null) return false;
      return filesIn(root).some((own) => identityOf(own) === identity);
    },
  };
}

/** Whether an allowed file is another name of one that is not: it was replaced by a hard link. */
function isLinkTo(root: string, path: string, identity: string | null): boolean {
  return identity !== null && filesIn(root).some((own) => own !== path && identityOf(own) === identity);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

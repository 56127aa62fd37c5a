import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** The files of the backend's own data folder, which no source may read: they hold password hashes and sealed secrets. */
export interface OwnFiles {
  /** Returns whether a path leads to one of them, by any name: symbolic and hard links, `..`, another mount of the folder. */
  holds(file: string): boolean;
}

/** Resolves links; for a file that does not exist yet, those of its folder. */
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

/** @returns device and inode, which identify a file under any name; null when there is no such file */
function identityOf(file: string): string | null {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** @param allowed files in the folder that may be read */
export function openOwnFiles(folder: string, allowed: readonly string[]): OwnFiles {
  return {
    holds(file) {
      const path = realPath(file);
      const root = realPath(folder);
      const identity = identityOf(path);
      // Compared by its own name, because a link in its place leads elsewhere.
      const isAllowed = allowed.some((each) => join(realPath(dirname(each)), basename(each)) === path);
      if (path === root || path.startsWith(root + sep)) return !isAllowed || isLinkTo(root, path, identity);
      if (identity === null) return false;
      return filesIn(root).some((own) => identityOf(own) === identity);
    },
  };
}

/** Returns whether an allowed file was replaced by a hard link to one that is not allowed. */
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

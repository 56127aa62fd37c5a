import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { AppError } from '#common/contract/errors.ts';
import type { Vault } from '../port.ts';
import { createVault, masterKeyBytes } from './vault.ts';

/**
 * Opens the vault with the keys in `keys`, otherwise with those in `folder`/master.key, which is created with a new key if it is missing.
 * @param keys base64 of 32 bytes each, oldest first, separated by commas or white space
 * @throws AppError validation_failed for a malformed key or none at all; unavailable when the file cannot be read or made
 */
export function openVault(folder: string | undefined, keys: string | undefined, log: Logger): Vault {
  if (keys !== undefined && keys.trim() !== '') return createVault(parse(keys, 'WATCHFLOOR_MASTER_KEY'));
  if (folder === undefined)
    throw new AppError('validation_failed', 'There is no master key, and no data folder to keep one in.', {
      field: 'WATCHFLOOR_MASTER_KEY',
      hint: 'Set it to the same value for every service of the stack; make one with: openssl rand -base64 32',
    });
  const file = join(folder, 'master.key');
  try {
    if (!existsSync(file)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // `wx`: if two processes start together, one creates the key and both use it.
      writeFileSync(file, `${randomBytes(masterKeyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    }
  } catch (cause) {
    if (!existsSync(file)) throw unusable(file, cause);
  }
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      log.warn({ file }, 'the master key could be read by other users of this computer; its mode is now 0600');
      chmodSync(file, 0o600);
    }
    return createVault(parse(readFileSync(file, 'utf8'), file));
  } catch (cause) {
    throw cause instanceof AppError ? cause : unusable(file, cause);
  }
}

function parse(text: string, where: string): Uint8Array[] {
  return text
    .split(/[\s,]+/)
    .filter((key) => key !== '')
    .map((key, i) => {
      const bytes = Buffer.from(key, 'base64');
      if (bytes.length === masterKeyBytes && /^[A-Za-z0-9+/_-]+={0,2}$/.test(key)) return new Uint8Array(bytes);
      throw new AppError('validation_failed', `Key ${i + 1} in ${where} is not ${masterKeyBytes} bytes in base64.`, {
        field: where,
        hint: 'Make one with: openssl rand -base64 32. If it was cut or edited by accident, restore it: what it sealed opens with no other.',
      });
    });
}

function unusable(file: string, cause: unknown): AppError {
  return new AppError('unavailable', `The master key ${file} cannot be read or made (${(cause as Error).message}).`, {
    hint: 'Check that its folder exists and that this user may read and write there, or set WATCHFLOOR_MASTER_KEY.',
    cause,
  });
}

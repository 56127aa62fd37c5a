import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '#common/contract/errors.ts';
import type { Vault } from '../port.ts';

export const masterKeyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

interface SealKey {
  id: string;
  key: Uint8Array;
}

/**
 * Creates a vault with master keys of 32 bytes, oldest first. The newest encrypts and signs; older ones only decrypt. To rotate, append a
 * key, and remove the old one after everything has been encrypted again.
 */
export function createVault(masterKeys: readonly Uint8Array[]): Vault {
  const newest = masterKeys.at(-1);
  if (newest === undefined || masterKeys.some((key) => key.length !== masterKeyBytes))
    throw new AppError('validation_failed', `A master key must have ${masterKeyBytes} bytes.`, {
      field: 'WATCHFLOOR_MASTER_KEY',
      hint: 'Make one with: openssl rand -base64 32',
    });
  const keys = masterKeys.map(sealKey);
  const sealing = sealKey(newest);

  return {
    tokenKey: derive(newest, 'watchfloor access tokens'),

    seal(plain) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing.key, iv);
      // Authenticates the header, so that a sealed secret can't be passed off as one of another version or key.
      cipher.setAAD(Buffer.from(`v1.${sealing.id}`));
      const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return ['v1', sealing.id, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'))].join('.');
    },

    open(sealed) {
      const [version, id = '', iv = '', tag = '', data = '', ...more] = sealed.split('.');
      if (version !== 'v1' || id === '' || tag === '' || more.length > 0) throw damaged();
      const found = keys.find((key) => key.id === id);
      if (found === undefined)
        throw new AppError('internal', `A stored secret was sealed with the master key ${id}, which this backend does not have.`, {
          hint: 'Put that key back (master.key in the data folder, or WATCHFLOOR_MASTER_KEY), or enter the secret again.',
        });
      try {
        const decipher = createDecipheriv('aes-256-gcm', found.key, Buffer.from(iv, 'base64url'), { authTagLength: tagBytes });
        decipher.setAAD(Buffer.from(`v1.${id}`));
        decipher.setAuthTag(Buffer.from(tag, 'base64url'));
        return decipher.update(data, 'base64url', 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw damaged(cause);
      }
    },

    hasKey(sealed) {
      const [version, id = ''] = sealed.split('.');
      return version !== 'v1' || id === '' || keys.some((key) => key.id === id);
    },
  };
}

function damaged(cause?: unknown): AppError {
  return new AppError('internal', 'A stored secret was damaged or tampered with; it cannot be read.', {
    hint: 'Enter the secret again, and find out who could write to the database.',
    cause,
  });
}

function sealKey(master: Uint8Array): SealKey {
  const key = derive(master, 'watchfloor stored secrets');
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}

/** Derives a separate key for each purpose, so that a leaked key reveals nothing about the others. */
function derive(master: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, '', purpose, masterKeyBytes));
}

import * as crypto from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Passwords are hashed with Argon2id if this Node has it (OWASP's second profile: 19 MiB, 2 passes), otherwise with scrypt. A hash names
 * its algorithm and costs, so either kind can be verified wherever the algorithm is available.
 */
const argon = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const scryptCost = { N: 1 << 15, r: 8, p: 3 } as const;
const scryptMemory = 128 * 1024 * 1024;

const scrypt = promisify<string, Buffer, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);

function argon2id(password: string, salt: Buffer, costs: { memory: number; passes: number; parallelism: number }): Promise<Buffer> {
  return promisify(crypto.argon2)('argon2id', { message: password, nonce: salt, tagLength: argon.tagLength, ...costs });
}

const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
// The same password may be composed differently on another keyboard; NFKC makes both equal.
const normal = (password: string) => password.normalize('NFKC');

/** @returns a PHC string: algorithm, costs, salt and hash. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.randomBytes(16);
  if ('argon2' in crypto) {
    const hash = await argon2id(normal(password), salt, argon);
    return `$argon2id$v=19$m=${argon.memory},t=${argon.passes},p=${argon.parallelism}$${encode(salt)}$${encode(hash)}`;
  }
  const hash = await scrypt(normal(password), salt, 32, { ...scryptCost, maxmem: scryptMemory });
  return `$scrypt$N=${scryptCost.N},r=${scryptCost.r},p=${scryptCost.p}$${encode(salt)}$${encode(hash)}`;
}

/** @returns whether `password` matches the hash `stored`; false if that is not a hash */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const argonParts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored);
  if (argonParts) {
    const [, memory, passes, parallelism, salt, hash] = argonParts;
    const costs = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
    return same(await argon2id(normal(password), Buffer.from(salt ?? '', 'base64'), costs), hash);
  }
  const scryptParts = /^\$scrypt\$N=(\d+),r=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored);
  if (scryptParts) {
    const [, N, r, p, salt, hash] = scryptParts;
    const costs = { N: Number(N), r: Number(r), p: Number(p), maxmem: scryptMemory };
    return same(await scrypt(normal(password), Buffer.from(salt ?? '', 'base64'), 32, costs), hash);
  }
  return false;
}

function same(actual: Buffer, expected: string | undefined): boolean {
  const wanted = Buffer.from(expected ?? '', 'base64');
  return wanted.length === actual.length && crypto.timingSafeEqual(wanted, actual);
}

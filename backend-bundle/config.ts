import { accessSync, constants, mkdirSync } from 'node:fs';
import { z } from 'zod';
import { password } from '#common/contract/auth.ts';
import { AppError } from '#common/contract/errors.ts';
import { numberInText } from '#common/contract/primitives.ts';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const serviceUrls = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'It is not JSON.' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.url({ protocol: /^https?$/ })));

/** The environment variables that the backend reads. Secrets are passed this way because anyone on the computer can read arguments. */
const environment = z.object({
  /** Password of the first administrator, `admin`. */
  WATCHFLOOR_ADMIN_PASSWORD: password.optional(),
  /** API key: accepted by the backend, presented by the agent. */
  WATCHFLOOR_AGENT_KEY: z.string().min(16, 'Use at least 16 characters.').max(256).optional(),
  /** The user of a backend who reads and changes rules from the command line. */
  WATCHFLOOR_USER: z.string().min(1).max(64).optional(),
  WATCHFLOOR_PASSWORD: z.string().min(1).max(256).optional(),
  /** The keys that stored secrets are encrypted with: 32 bytes in base64 each, oldest first, separated by commas. */
  WATCHFLOOR_MASTER_KEY: z.string().optional(),
  /** postgres://user:password@host:port/name. The same as --database-url, but hidden from other users of the computer. */
  WATCHFLOOR_DATABASE_URL: z.string().min(1).optional(),
  /** Origins, separated by commas, whose pages may read responses; pages on this computer always may. */
  WATCHFLOOR_CORS_ORIGINS: list.optional(),
  /** Addresses, separated by commas, of proxies whose X-Forwarded-For header is trusted. */
  WATCHFLOOR_TRUSTED_PROXIES: list.optional(),
  /** Maximum requests per caller and minute. */
  WATCHFLOOR_REQUESTS_PER_MINUTE: numberInText(z.number('Give a number of requests.').int().min(1).max(1_000_000)).default(100),
  /** Days that points are kept; 0 keeps them for ever. */
  WATCHFLOOR_RETENTION_DAYS: numberInText(z.number('Give a number of days; 0 keeps everything.').int().min(0).max(36_500)).default(400),
  /** Days that the log of rule evaluations is kept; 0 keeps it for ever. */
  WATCHFLOOR_EVALUATION_DAYS: numberInText(z.number('Give a number of days; 0 keeps everything.').int().min(0).max(36_500)).default(7),
  /** Days that the log of e-mails is kept; 0 keeps it for ever. */
  WATCHFLOOR_NOTIFICATION_DAYS: numberInText(z.number('Give a number of days; 0 keeps everything.').int().min(0).max(36_500)).default(90),
  /** Days of history that the conveyor's producer writes to a new file. */
  WATCHFLOOR_CONVEYOR_HISTORY_DAYS: numberInText(z.number('Give a number of days.').int().min(0).max(30)).default(30),
  /** JSON object with the address of each service that runs in a process of its own, by service name. */
  WATCHFLOOR_SERVICE_URLS: serviceUrls.optional(),
  WATCHFLOOR_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
export type Environment = z.infer<typeof environment>;

/** @throws AppError validation_failed naming the variable; never its value, which may be a secret */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  // An empty variable counts as unset: that is what compose files and shells produce for a missing value.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = environment.safeParse(given);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue?.path[0] ?? 'The environment');
  throw new AppError('validation_failed', `${name} is not acceptable: ${issue?.message ?? 'unknown reason'}`, {
    field: name,
    hint: `Correct ${name} or unset it.`,
  });
}

/** Creates the data folder if it is missing. @throws AppError unavailable naming the folder when it cannot be used */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new AppError(
      reason === 'ENOSPC' ? 'disk_full' : 'unavailable',
      reason === 'ENOTDIR' || reason === 'EEXIST'
        ? `${folder} is not a folder.`
        : `The data folder ${folder} cannot be written to (${reason ?? 'unknown reason'}).`,
      { hint: 'Give this account the right to write there, free some space, or choose another folder with --data.', cause },
    );
  }
}

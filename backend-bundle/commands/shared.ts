import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { numberInText } from '#common/contract/primitives.ts';

/** Returns the data folder used when none is given: next to the user's other application data. */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'watchfloor');
}

export const port = numberInText(z.number('Give a number from 0 to 65535.').int().min(0).max(65_535));
export const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'Give an address of the form postgres://user:password@host:port/name.');

export const environmentHelp = `
Environment:
  WATCHFLOOR_ADMIN_PASSWORD       password of the first administrator, "admin"; generated when absent
  WATCHFLOOR_AGENT_KEY            API key that agents present
  WATCHFLOOR_MASTER_KEY           32 bytes in base64 that seal stored secrets; else DIR/master.key
  WATCHFLOOR_DATABASE_URL         like --database-url, and at no time visible in the process list
  WATCHFLOOR_CORS_ORIGINS         origins, by comma, whose pages may call; those on this computer always may
  WATCHFLOOR_TRUSTED_PROXIES      addresses, by comma, whose X-Forwarded-For is believed
  WATCHFLOOR_REQUESTS_PER_MINUTE  requests a caller may make a minute (100)
  WATCHFLOOR_RETENTION_DAYS       days that points are kept; 0 keeps them for good (400)
  WATCHFLOOR_EVALUATION_DAYS      days that the log of rule evaluations is kept; 0 keeps it for good (7)
  WATCHFLOOR_NOTIFICATION_DAYS    days that the log of e-mails is kept; 0 keeps it for good (90)
  WATCHFLOOR_LOG_LEVEL            trace, debug, info, warn, error, fatal or silent (info)`;

import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { AppError } from '#common/contract/errors.ts';
import { defaultDataDir } from '#core/launcher/data-dir.ts';

export const help = `
Usage: npm start -- --web [flags]

Opens the console in a browser. It prints a link that works once and signs that browser in.

  --data DIR           folder of the console's and the backend's data (${defaultDataDir()})
  --backend URL        use a backend that runs elsewhere instead of launching one
  --listen HOST:PORT   where the console answers (127.0.0.1, a free port). An address that other computers can reach
                       needs TLS: anyone who can read the traffic could acknowledge alerts in your name
  --cert FILE          certificate (chain) for TLS, in PEM format
  --key FILE           private key of that certificate, in PEM format
  --json               print one line {"event":"ready","console":"http://…","backend":"http://…","pid":…} when both are ready
  --no-open            do not open the browser
  --help               this text

For wall screens, set --listen to this computer's address and a fixed port, and use a certificate that those screens trust.
Each browser needs its own link. After a link has been used, the console prints a new one and keeps it in DIR/console-link.
A browser stays signed in for 30 days after its last visit, even when the console restarts.

Environment:
  WATCHFLOOR_ADMIN_PASSWORD   password of the backend's first administrator, "admin"; generated when absent
`;

const address = z.string().transform((text, context) => {
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(text);
  const host = match?.groups?.['six'] ?? match?.groups?.['host'];
  const port = Number(match?.groups?.['port'] ?? 0);
  if (host === undefined || port > 65_535 || (match?.groups?.['six'] !== undefined && isIP(host) !== 6)) {
    context.addIssue({ code: 'custom', message: 'Give HOST or HOST:PORT, such as 127.0.0.1:4681 or [::1]:4681.' });
    return z.NEVER;
  }
  return { host, port };
});

const schema = z.object({
  data: z
    .string()
    .min(1)
    .default(defaultDataDir())
    .transform((folder) => resolve(folder)),
  listen: address.default({ host: '127.0.0.1', port: 0 }),
  backend: z.url({ protocol: /^https?$/, error: 'Give an address that starts with http:// or https://.' }).optional(),
  cert: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  json: z.boolean().default(false),
  open: z.boolean().default(true),
  help: z.boolean().default(false),
});
export type WebOptions = z.output<typeof schema>;

/** @throws AppError validation_failed naming the flag */
export function readOptions(args: readonly string[]): WebOptions {
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      strict: true,
      allowNegative: true,
      options: {
        data: { type: 'string' },
        listen: { type: 'string' },
        backend: { type: 'string' },
        cert: { type: 'string' },
        key: { type: 'string' },
        json: { type: 'boolean' },
        open: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`--${String(issue?.path[0])}: ${issue?.message}`, String(issue?.path[0]));
  }
  const { cert, key, listen } = parsed.data;
  if ((cert === undefined) !== (key === undefined))
    throw wrong('--cert and --key must be given together.', cert === undefined ? 'cert' : 'key');
  if (!isLoopback(listen.host) && cert === undefined) {
    throw new AppError('validation_failed', `--listen ${listen.host} makes the console reachable from the network, which requires TLS.`, {
      field: 'listen',
      hint: 'Add --cert FILE and --key FILE, or use --listen 127.0.0.1 to stay on this computer.',
    });
  }
  return parsed.data;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function wrong(message: string, field?: string): AppError {
  return new AppError('validation_failed', message, { field, hint: 'Run with --help to see all flags.' });
}

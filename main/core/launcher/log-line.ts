import { z } from 'zod';

/** One line that a launched process writes: pino's JSON. */
const record = z.object({
  level: z.number(),
  time: z.number(),
  msg: z.string().default(''),
  err: z.object({ message: z.string() }).optional(),
});
const levels: [least: number, name: string][] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [0, 'debug'],
];

export interface LogLine {
  /** For the list: time (UTC), level, message. */
  text: string;
  message: string;
  /** True if the line reports a failure. */
  problem: boolean;
}

/** Outside its log, a process writes only when it can't continue: its own message, or the first line of a crash. */
const errorPrefix = /^(?:watchfloor [\w-]+: |(?:Uncaught )?(?=\w*Error\b))/;

/** Formats a line of a process's log for people. */
export function readLogLine(raw: string): LogLine {
  let parsed: ReturnType<typeof record.safeParse>;
  try {
    parsed = record.safeParse(JSON.parse(raw));
  } catch {
    return { text: raw, message: raw.replace(errorPrefix, ''), problem: errorPrefix.test(raw) };
  }
  if (!parsed.success) return { text: raw, message: raw, problem: false };
  const { level, time, msg, err } = parsed.data;
  const message = err && !msg.includes(err.message) ? `${msg}: ${err.message}` : msg;
  const name = levels.find(([least]) => level >= least)?.[1] ?? 'debug';
  return { text: `${new Date(time).toISOString()} ${name.padEnd(5)} ${message}`, message, problem: level >= 50 };
}

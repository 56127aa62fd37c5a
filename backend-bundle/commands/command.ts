import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { z } from 'zod';
import { AppError } from '#common/contract/errors.ts';

export interface Command {
  /** One line for the list of commands. */
  summary: string;
  /** The whole help text. */
  help: string;
  /** @returns the exit status; resolves when the command has ended */
  run(args: readonly string[]): Promise<number>;
}

/** Thrown when the command line lacks something the command needs. The process exits with status 2 and points to the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Returns the options that the schema allows on the command line: a boolean is a flag without a value, any other option has one, and a list
 * may be given several times.
 */
function optionsOf(schema: z.ZodObject, positionals: readonly string[]): ParseArgsOptionsConfig {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => !positionals.includes(name))
      .map(([name, property]) => {
        const { type } = property as { type?: unknown };
        return [name, { type: type === 'boolean' ? 'boolean' : 'string', multiple: type === 'array' }];
      }),
  );
}

/** @throws UsageError naming the flag */
export function readFlags<S extends z.ZodObject>(args: readonly string[], schema: S, positionals: readonly string[] = []): z.output<S> {
  const options = optionsOf(schema, positionals);
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: positionals.length > 0, allowNegative: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const extra = parsed.positionals[positionals.length];
  if (extra !== undefined) throw new UsageError(`“${extra}” is one argument too many.`);
  const named = Object.fromEntries(positionals.map((name, index) => [name, parsed.positionals[index]]));
  const result = schema.safeParse({ ...parsed.values, ...named });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue?.path[0] ?? '');
  const shown = positionals.includes(name) ? name.toUpperCase() : `--${name}`;
  const missing = (parsed.values[name] ?? named[name]) === undefined;
  throw new UsageError(missing ? `${shown} is missing.` : `${shown} is not acceptable: ${issue?.message ?? 'unknown reason'}`);
}

/** Formats an error for a person: what is wrong, and how to fix it. */
export function describeError(error: unknown): string {
  if (error instanceof AppError) return error.hint === undefined ? error.message : `${error.message}\n  ${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { type Client, createClient } from '#common/contract/client.ts';
import { importRules } from '#common/rules/import.ts';
import { type Plan, planRules, printPlan, ruleOf } from '#common/rules/plan.ts';
import { RuleFileError } from '#common/rules/yaml/problems.ts';
import { ruleFileSchema } from '#common/rules/yaml/schema.ts';
import { type FileRule, writeRules } from '#common/rules/yaml.ts';
import { readEnvironment } from '../config.ts';
import { type Command, describeError, readFlags, UsageError } from './command.ts';
import { applyPlan } from './rules/apply.ts';
import { readRulesAt, writeRulesTo } from './rules/files.ts';
import { printImport, readChartFlags } from './rules/import.ts';

const actions = ['export', 'apply', 'import', 'check', 'schema'] as const;
const flags = z.object({
  action: z.enum(actions, `Choose one of ${actions.join(', ')}.`),
  path: z.string().min(1).optional(),
  backend: z.url({ protocol: /^https?$/, error: 'Give an address that starts with http:// or https://.' }).optional(),
  'dry-run': z.boolean().default(false),
  prune: z.boolean().default(false),
  yes: z.boolean().default(false),
  chart: z.array(z.string()).default([]),
  output: z.string().min(1).optional(),
  strict: z.boolean().default(false),
});
type Options = z.output<typeof flags>;

export const rules: Command = {
  summary: 'exports, checks, applies and imports alert rules as YAML files',
  help: `
Usage: node backend-bundle/cli.ts rules ACTION [PATH] [flags]

  rules export [FOLDER] --backend URL   write every rule to a file of its own, or all to standard output
  rules check PATH                      read the rules of a folder or a file and list the mistakes
  rules apply PATH --backend URL        make the rules of the backend those of a folder or a file
  rules import FILE --backend URL       make rules of a rule file of Prometheus or an export of Grafana's alert rules, and list what has no
                                        counterpart
  rules schema                          print the JSON schema of the files

  --backend URL   address of the backend
  --dry-run       apply, import: print what would change, and change nothing
  --prune         apply: delete rules that PATH doesn't have and that the same user made or changed last
  --yes           apply: delete without asking
  --chart METRIC=CHART   import: use this chart for a metric; may be repeated
  --output FOLDER        import: write the rules to files instead of changing the backend
  --strict               import: change nothing, with exit status 1, if any rule is refused

Exit status: 0 done, or nothing to do; 1 the backend can't be reached or refused a change, and the output says which changes were made;
2 the command line or a file is wrong, and nothing was changed.

Environment:
  WATCHFLOOR_USER       user of the backend (export, and import that changes nothing: VIEWER; apply and import: OPERATOR)
  WATCHFLOOR_PASSWORD   the user's password`,
  async run(args) {
    const options = readFlags(args, flags, ['action', 'path']);
    try {
      return await run(options);
    } catch (error) {
      if (!(error instanceof RuleFileError)) throw error;
      process.stderr.write(`${error.message}\nNothing was changed.\n`);
      return 2;
    }
  },
};

async function run(options: Options): Promise<number> {
  if (options.action === 'schema') await print(`${JSON.stringify(ruleFileSchema(), null, 2)}\n`);
  else if (options.action === 'check') {
    const found = await readRulesAt(needed(options, 'path'));
    await print(`${found.length} rules, no mistakes.\n`);
  } else if (options.action === 'export') await exportRules(options);
  else return options.action === 'import' ? importFile(options) : apply(options);
  return 0;
}

async function exportRules(options: Options): Promise<void> {
  await withClient(options, async (client) => {
    // Versions of charts are counted by each backend for itself, so files for another one leave them out.
    const all = (await client.rules.list()).items
      .map((rule) => ({ ...ruleOf(rule), chartVersion: undefined }))
      .sort((a, b) => (a.code < b.code ? -1 : 1));
    if (options.path === undefined) await print(writeRules(all));
    else await print(`${(await writeRulesTo(options.path, all)).join('\n')}\n`);
  });
}

async function apply(options: Options): Promise<number> {
  const path = needed(options, 'path');
  const wanted = await readRulesAt(path);
  if (options.prune && wanted.length === 0) throw new UsageError(`${path} has no rules; --prune would delete all that you made.`);
  return withClient(options, async (client, user) => {
    await checkCharts(client, wanted);
    return carryOut(client, planRules(wanted, (await client.rules.list()).items, options.prune ? user : null), options);
  });
}

async function importFile(options: Options): Promise<number> {
  const path = needed(options, 'path');
  const chartOf = readChartFlags(options.chart);
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`${path} can’t be read: ${error.message}`);
  });
  return withClient(options, async (client) => {
    const [charts, series] = await Promise.all([client.charts.list(), client.metrics.series()]);
    const result = importRules(text, path, { charts: charts.items, series: series.items, chartOf });
    await print(printImport(result));
    if (options.strict && result.refused.length > 0) {
      process.stderr.write('Nothing was changed, because of --strict.\n');
      return 1;
    }
    if (options.output === undefined) {
      const plan = planRules(result.imported, (await client.rules.list()).items, null);
      return carryOut(client, { ...plan, others: [] }, options);
    }
    const rules = result.imported.map(({ rule }) => rule);
    if (!options['dry-run'] && rules.length > 0) await print(`${(await writeRulesTo(options.output, rules)).join('\n')}\n`);
    return 0;
  });
}

/** Prints a plan and applies it. @returns the exit status */
async function carryOut(client: Client, plan: Plan, options: Options): Promise<number> {
  await print(printPlan(plan));
  if (options['dry-run']) return 0;
  if (!(await isConfirmed(plan, options))) {
    await print('Nothing was changed.\n');
    return 1;
  }
  const { done, failed, skipped } = await applyPlan(client, plan);
  if (failed === null) {
    if (done.length > 0) await print('Applied.\n');
    return 0;
  }
  const list = (steps: Plan['steps']) => steps.map(({ kind, code }) => `${kind} ${code}`).join(', ') || 'none';
  process.stderr.write(
    `Could not ${failed.step.kind} ${failed.step.code}: ${describeError(failed.error)}\nMade: ${list(done)}\nNot tried: ${list(skipped)}\n`,
  );
  return 1;
}

/** @throws RuleFileError for rules whose chart the backend doesn't have */
async function checkCharts(client: Client, wanted: readonly FileRule[]): Promise<void> {
  const charts = new Set((await client.charts.list()).items.map(({ code }) => code));
  const missing = wanted.filter(({ rule }) => !charts.has(rule.chartCode));
  if (missing.length === 0) return;
  throw new RuleFileError(
    missing.map(({ rule, file, at }) => ({
      file,
      ...at('chart'),
      field: 'chart',
      mistake: { code: 'chart_none', params: { chart: rule.chartCode } },
    })),
  );
}

async function isConfirmed({ steps }: Plan, { yes }: Options): Promise<boolean> {
  const deleted = steps.filter(({ kind }) => kind === 'delete').length;
  if (deleted === 0 || yes) return true;
  if (!process.stdin.isTTY)
    throw new UsageError(`${deleted} rules would be deleted, and nobody can be asked: add --yes. Nothing was changed.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`Delete ${deleted} rules? Their firing alerts resolve. [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/** Signs in with the user of the environment, and out again after the work. */
async function withClient<T>(options: Options, work: (client: Client, user: string) => Promise<T>): Promise<T> {
  const baseUrl = needed(options, 'backend').replace(/\/$/, '');
  const { WATCHFLOOR_USER: username, WATCHFLOOR_PASSWORD: password } = readEnvironment(process.env);
  if (username === undefined || password === undefined)
    throw new UsageError('WATCHFLOOR_USER and WATCHFLOOR_PASSWORD are missing: the user of the backend who reads or changes rules.');
  const session = await createClient({ baseUrl }).auth.login({ body: { username, password } });
  const client = createClient({ baseUrl, token: () => session.accessToken, timeoutMs: 30_000 });
  try {
    return await work(client, session.user.username);
  } finally {
    // The session ends by itself if the backend has gone.
    await client.auth.logout({ body: { refreshToken: session.refreshToken } }).catch(() => undefined);
  }
}

function needed(options: Options, name: 'path' | 'backend'): string {
  const given = options[name];
  if (given === undefined) throw new UsageError(`${name === 'path' ? 'PATH' : '--backend'} is missing.`);
  return given;
}

/** Resolves when the text has been written: pipes are asynchronous, and the process ends right after the command. */
const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));

/**
 * Writes without end and says on stdout what was acknowledged, until it is killed. Given a round and a location, it stores
 * metrics in batches, and transactions that each write a row and publish the event about it.
 */
import { pino } from 'pino';
import { openBus } from '#backend/engines/bus/open.ts';
import { openDatabase } from '#backend/engines/database/open.ts';
import { openSignalStore } from '#backend/engines/signals/open.ts';

const [location, round] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const database = await openDatabase(JSON.parse(location ?? '{}'), log);
const signals = openSignalStore(database);
const bus = await openBus(database, log);
const say = (line: string) => process.stdout.write(`${line}\n`);
say('begun');

async function points(): Promise<void> {
  for (let n = 0; ; n++) {
    const batch = Array.from({ length: 50 }, (_, i) => [n * 50 + i, n] as const);
    await signals.appendMetrics([{ name: 'crash', unit: '', labels: { round: String(round) }, points: batch }]);
    say(`points ${n}`);
  }
}

async function transactions(): Promise<void> {
  for (let n = 0; ; n++) {
    const key = `${round}-${n}`;
    await database.transaction(async (tx) => {
      await tx.insertInto('meta').values({ key, value: '' }).execute();
      await bus.publish(tx, 'rule.changed', { ruleCode: key });
    });
    say(`transaction ${n}`);
  }
}

// A server that goes away ends it too: what was acknowledged until then is what counts.
await Promise.race([points(), transactions()]).catch((error: unknown) => {
  say(`failed ${error}`);
  process.exit(1);
});

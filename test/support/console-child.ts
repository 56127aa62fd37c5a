import { neverAborts, openTestConsole } from './console.ts';
import { eventually } from './eventually.ts';

/**
 * A console in a process of its own, to be killed: on every line of standard input it snoozes the alert named there, says
 * `queued` once that is promised to the person, and goes on. It says `live` once it is. Arguments: data folder, backend address.
 */
const [dataDir, url] = process.argv.slice(2);
if (dataDir === undefined || url === undefined) throw new Error('Give a data folder and an address.');
const core = await openTestConsole(dataDir, url);
const { id: connectionId } = await core.connection();
console.log('open');
void eventually('live', async () => (await core.connection()).state === 'live', 60_000).then(
  () => console.log('live'),
  () => undefined,
);
for await (const line of process.stdin.setEncoding('utf8')) {
  const { alertId, reason } = JSON.parse(String(line)) as { alertId: string; reason: string };
  await core.handlers.alerts.snooze({ connectionId, ids: [alertId], until: Date.now() + 3_600_000, reason }, neverAborts);
  console.log('queued');
}

import { panelQuery } from '#common/contract/console/series.ts';
import { neverAborts, openTestConsole } from './console.ts';
import { eventually } from './eventually.ts';

/**
 * A console in a process of its own, to be killed: reads one series and says how far it is, a line each time. Arguments: data folder,
 * backend address, the query as JSON.
 */
const [dataDir, url, query] = process.argv.slice(2);
if (dataDir === undefined || url === undefined || query === undefined) throw new Error('Give a data folder, an address and a query.');
const core = await openTestConsole(dataDir, url);
core.on((_service, event, payload) => {
  if (event === 'progress') console.log(JSON.stringify(payload));
});
await eventually('live', async () => (await core.connection()).state === 'live', 60_000);
const { id: connectionId } = await core.connection();
const ask = { connectionId, query: panelQuery.parse(JSON.parse(query)), cacheOnly: false, progressId: 'child' };
const { series, problem } = await core.handlers.series.query(ask, neverAborts);
console.log(JSON.stringify({ over: true, points: series.map(({ t }) => t.length), problem }));
await core.close();

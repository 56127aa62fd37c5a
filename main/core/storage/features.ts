import { alertOperations } from '../alerts/store.ts';
import { cacheOperations } from '../cache/store.ts';
import { connectionOperations } from '../connections/store.ts';
import { draftOperations } from '../dashboards/store.ts';
import { combineOperations } from '../database/operations.ts';
import { size } from '../database/size.ts';
import { noticeOperations } from '../notices/store.ts';
import { outboxOperations } from '../outbox/store.ts';
import { seriesOperations } from '../series/store.ts';
import { settingsOperations } from '../settings/store.ts';

/** All operations of the database threads. The main thread and the threads use the same table. */
export const operations = combineOperations({
  alerts: alertOperations,
  connections: connectionOperations,
  dashboards: draftOperations,
  database: { reads: { size } },
  notices: noticeOperations,
  outbox: outboxOperations,
  cache: cacheOperations,
  series: seriesOperations,
  settings: settingsOperations,
});

import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { openSecretStore } from './open.ts';

/** Run by the test in a separate session bus: prints which store opens, and whether a secret outlives the process. */
const store = await openSecretStore({ dataDir: tmpdir(), log: pino({ level: 'silent' }) });
console.log(store.kind);
if (process.argv[2] === 'put') {
  await store.set('connection/check/password', 'a pässword');
  console.log('put');
} else {
  console.log(`found ${await store.get('connection/check/password')}`);
  await store.delete('connection/check/password');
  console.log((await store.get('connection/check/password')) === null ? 'gone' : 'still there');
}

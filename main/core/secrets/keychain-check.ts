import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { openSecretStore } from './open.ts';

/** Run by the test, within a session bus of its own: which store opens, and does a secret outlive the process? */
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

import { writeSync } from 'node:fs';
import { finish } from '#backend/engines/signals/chunks/slices.ts';
import { ChunkStore } from '#backend/engines/signals/chunks/store.ts';
import { now, stepOf } from './chunks-crash-steps.ts';

/** Appends, seals and deletes until it is killed, and prints the number of each step after the store has acknowledged it. */
const [file = '', first = '0'] = process.argv.slice(2);
const store = new ChunkStore(file, () => now);
for (let k = Number(first); ; k++) {
  const { writes, seal, expire, remove } = stepOf(k);
  store.append(writes);
  if (seal) store.seal(seal.limit, seal.all);
  if (expire !== undefined) while (store.expire(expire, 2) > 0);
  if (remove) {
    const ids = store.catalogue.named('metric', 'crash').filter(({ labels }) => labels['series'] === remove.series);
    finish(
      store.remove(
        ids.map(({ id }) => id),
        remove.from,
        remove.to,
        2,
      ),
    );
  }
  writeSync(1, `${k}\n`);
}

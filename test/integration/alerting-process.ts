import { createInterface } from 'node:readline';
import { openReplica } from './alerting-world.ts';

/**
 * A process that evaluates rules on a database until it is killed: `node alerting-process.ts FILE NOW`. Its clock stands at NOW, epoch
 * ms, until a line of standard input holds another time: how long a process takes to start is nothing to the rules.
 */
const [, , file = '', begin = ''] = process.argv;
let now = Number(begin);
createInterface({ input: process.stdin }).on('line', (line) => {
  now = Number(line);
});
const replica = await openReplica({ file }, () => now);
replica.evaluator.start();
process.stdout.write('ready\n');

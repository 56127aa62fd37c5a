/** A process that evaluates rules on a database until it is killed: `node alerting-process.ts FILE`. */
import { openReplica } from './alerting-world.ts';

const [, , file = ''] = process.argv;
const replica = await openReplica({ file }, () => Date.now());
replica.evaluator.start();
process.stdout.write('ready\n');

import { afterEach, expect, it } from 'vitest';
import { EventJournal } from '#backend/engines/bus/journal.ts';
import { openBus } from '#backend/engines/bus/open.ts';
import type { Bus } from '#backend/engines/bus/port.ts';
import type { Database } from '#backend/engines/database/port.ts';
import { onEachAdapter, silent, until } from './adapters.ts';

onEachAdapter('bus', ({ dialect, fresh, open }) => {
  const buses: Bus[] = [];
  const busOn = async (database: Database, pollMs = 400) => {
    const bus = await openBus(database, silent, { pollMs });
    buses.push(bus);
    return bus;
  };
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close();
  });
  const say = (database: Database, bus: Bus, ruleCode: string) =>
    database.transaction((tx) => bus.publish(tx, 'rule.changed', { ruleCode }));
  const codeOf = (event: { payload: unknown }) => (event.payload as { ruleCode: string }).ruleCode;
  const lettersOf = (database: Database) => database.query.selectFrom('dead_letters').selectAll().execute();

  it('delivers after the commit, in order, with rising ids, and never what was rolled back', async () => {
    const database = await open();
    const bus = await busOn(database);
    const [taken, watched]: [string[], string[]] = [[], []];
    await bus.consume('test', ['rule.changed'], async (event) => void taken.push(codeOf(event)));
    bus.watch((event) => watched.push(codeOf(event)));
    await say(database, bus, 'a');
    await until('the first event', () => taken.length === 1 && watched.length === 1);
    await database
      .transaction(async (tx) => {
        await bus.publish(tx, 'rule.changed', { ruleCode: 'undone' });
        throw new Error('no');
      })
      .catch(() => undefined);
    await database.transaction(async (tx) => {
      await bus.publish(tx, 'rule.changed', { ruleCode: 'b' });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect([taken, watched]).toEqual([['a'], ['a']]);
      await bus.publish(tx, 'loader.deleted', { loaderCode: 'not-asked-for' });
      await bus.publish(tx, 'rule.changed', { ruleCode: 'c' });
    });
    await until('three events', () => taken.length === 3);
    expect(taken).toEqual(['a', 'b', 'c']);
    const replayed = (await bus.replay('0', 100)) ?? [];
    expect(replayed.map(({ type }) => type)).toEqual(['rule.changed', 'rule.changed', 'loader.deleted', 'rule.changed']);
    const ids = replayed.map(({ id }) => BigInt(id));
    expect(ids).toEqual([...ids].sort((x, y) => Number(x - y)));
    expect(await bus.lastId()).toBe(replayed.at(-1)?.id);
    expect((await bus.replay(replayed[1]?.id ?? '', 1))?.map(({ type }) => type)).toEqual(['loader.deleted']);
  });

  it('wakes consumers by the commit, long before the next poll', async () => {
    const database = await open();
    const bus = await busOn(database, 3_600_000);
    const taken: string[] = [];
    await bus.consume('test', ['rule.changed'], async (event) => void taken.push(codeOf(event)));
    await say(database, bus, 'a');
    await until('the event', () => taken.length === 1, 60_000);
  });

  it('continues after a restart at the consumer’s position, and starts a new consumer at the end', async () => {
    const location = await fresh();
    const before = await open(location);
    const bus = await busOn(before);
    const first: string[] = [];
    const end = await bus.consume('old', ['rule.changed'], async (event) => void first.push(codeOf(event)));
    await say(before, bus, 'a');
    await until('the first event', () => first.length === 1);
    await end();
    await say(before, bus, 'b');
    await bus.close();
    await before.close();

    const after = await open(location);
    const again = await busOn(after);
    const [old, fresher]: [string[], string[]] = [[], []];
    await again.consume('old', ['rule.changed'], async (event) => void old.push(codeOf(event)));
    await again.consume('new', ['rule.changed'], async (event) => void fresher.push(codeOf(event)));
    await say(after, again, 'c');
    await until('two events', () => old.length === 2 && fresher.length === 1);
    expect([old, fresher]).toEqual([['b', 'c'], ['c']]);
  });

  it('tries five times, moves the event to the dead letters with the reason, and continues', async () => {
    const database = await open();
    const bus = await busOn(database);
    const tried: string[] = [];
    await bus.consume('test', ['rule.changed'], async (event) => {
      tried.push(codeOf(event));
      if (codeOf(event) === 'poison') throw new Error('cannot stomach it');
      if (codeOf(event) === 'twice' && tried.filter((code) => code === 'twice').length < 2) throw new Error('not yet');
    });
    for (const code of ['poison', 'twice', 'good']) await say(database, bus, code);
    await until('the good event', () => tried.includes('good'), 60_000);
    expect(tried).toEqual([...Array(5).fill('poison'), 'twice', 'twice', 'good']);
    expect(await lettersOf(database)).toMatchObject([
      { consumer: 'test', type: 'rule.changed', payload: '{"ruleCode":"poison"}', reason: 'cannot stomach it' },
    ]);
  });

  it('moves an unknown event to the dead letters, and passes the others to watchers', async () => {
    const database = await open();
    const bus = await busOn(database, 50);
    const [taken, watched]: [string[], string[]] = [[], []];
    await bus.consume('test', ['rule.changed'], async (event) => void taken.push(codeOf(event)));
    bus.watch((event) => watched.push(codeOf(event)));
    await database.query.insertInto('bus_events').values({ type: 'rule.changed', at: 1, payload: '{"was":"another shape"}' }).execute();
    await say(database, bus, 'a');
    await until('the good event', () => taken.length === 1 && watched.length === 1, 60_000);
    expect((await lettersOf(database)).map(({ reason }) => reason)).toEqual([expect.stringContaining('ruleCode')]);
  });

  it('calls all watchers and listeners even if one throws', async () => {
    const database = await open();
    const bus = await busOn(database);
    const heard: string[] = [];
    bus.watch(() => {
      throw new Error('broken');
    });
    bus.watch((event) => heard.push(codeOf(event)));
    bus.onAnnounced(() => {
      throw new Error('broken');
    });
    bus.onAnnounced(({ type }) => heard.push(type));
    bus.announce('rules.evaluated', { at: 1, rules: 2, durationMs: 3 });
    expect(heard).toEqual(['rules.evaluated']);
    await say(database, bus, 'a');
    await until('the event', () => heard.length === 2);
  });

  it('loses and repeats nothing with many publishers, and shows events only in the order of their ids', async () => {
    const location = await fresh();
    const databases = dialect === 'postgres' ? [await open(location), await open(location)] : [await open(location)];
    const all = await Promise.all(databases.map((database) => busOn(database, 20)));
    const [taken, watched]: [string[], string[]] = [[], []];
    await all.at(-1)?.consume('test', ['rule.changed'], async (event) => void taken.push(codeOf(event)));
    all.at(-1)?.watch((event) => watched.push(event.id));
    const codes = Array.from({ length: 120 }, (_, i) => `rule-${i}`);
    await Promise.all(codes.map((code, i) => say(databases[i % databases.length] as Database, all[i % all.length] as Bus, code)));
    await until('all events', () => taken.length >= codes.length && watched.length >= codes.length, 60_000);
    expect([...taken].sort()).toEqual([...codes].sort());
    expect(watched.map(Number)).toEqual([...new Set(watched.map(Number))].sort((x, y) => x - y));
  });

  it('lets one of several processes consume under a name, and another take over when it ends', async () => {
    const location = await fresh();
    const shared = dialect === 'sqlite' ? await open(location) : null;
    const [first, second] = [shared ?? (await open(location)), shared ?? (await open(location))];
    const [one, two] = [await busOn(first, 20), await busOn(second, 20)];
    const taken: [string, string][] = [];
    const take = (who: string) => async (event: { payload: unknown }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      taken.push([who, codeOf(event)]);
    };
    const end = await one.consume('test', ['rule.changed'], take('one'));
    await two.consume('test', ['rule.changed'], take('two'));
    const codes = Array.from({ length: 20 }, (_, i) => `rule-${i}`);
    for (const code of codes) await say(first, one, code);
    await until('all events', () => taken.length >= codes.length);
    await end();
    await say(first, one, 'last');
    await until('the last event', () => taken.length >= codes.length + 1);
    expect(taken.map(([, code]) => code)).toEqual([...codes, 'last']);
    expect(taken.at(-1)?.[0]).toBe('two');
  });

  it('prunes events older than the window, reports that to callers, and keeps unhandled ones', async () => {
    const database = await open();
    const bus = await busOn(database);
    for (const code of ['a', 'b']) await say(database, bus, code);
    const last = await bus.lastId();
    const journal = new EventJournal(database);
    const day = 24 * 3_600_000;
    await journal.register('slow');
    await say(database, bus, 'c');
    expect(await journal.prune(Date.now())).toBe(0);
    expect(await journal.prune(Date.now() + day + 1_000)).toBe(2);
    expect(await bus.replay('0', 10)).toBeNull();
    expect((await bus.replay(last, 10))?.map(codeOf)).toEqual(['c']);
    expect(await journal.prune(Date.now() + 8 * day)).toBe(1);
    expect(await bus.lastId()).toBe(String(Number(last) + 1));
    expect(await bus.replay(await bus.lastId(), 10)).toEqual([]);
    expect(await bus.replay('99999', 10)).toBeNull();
    expect(await bus.replay('soup', 10)).toBeNull();
  });

  it('carries announcements and events to the other processes at once', async () => {
    if (dialect === 'sqlite') return; // A SQLite file belongs to one process.
    const location = await fresh();
    const [here, there] = [await open(location), await open(location)];
    const [from, to] = [await busOn(here, 60_000), await busOn(there, 60_000)];
    const heard: unknown[] = [];
    to.onAnnounced((event) => heard.push(event));
    to.watch((event) => heard.push(codeOf(event)));
    const names = Array.from({ length: 1_000 }, (_, i) => `metric_with_a_rather_long_name_${i}`);
    from.announce('metrics.stored', { names, from: 1, to: 2 });
    await until('the announcement', () => heard.length === 1);
    await say(here, from, 'a');
    await until('the event', () => heard.length === 2);
    expect(heard).toEqual([{ type: 'metrics.stored', payload: { names, from: 1, to: 2 } }, 'a']);
  });

  it('finishes the current event when it is closed, and leaves the rest for the next start', async () => {
    const database = await open();
    const bus = await busOn(database);
    let [begun, finished] = [0, 0];
    const closing = Promise.withResolvers<void>();
    await bus.consume('test', ['rule.changed'], async () => {
      begun++;
      await closing.promise;
      await new Promise((resolve) => setTimeout(resolve, 100));
      finished++;
    });
    for (const code of ['a', 'b', 'c']) await say(database, bus, code);
    await until('the first to begin', () => begun === 1);
    const closed = bus.close();
    closing.resolve();
    await closed;
    expect([begun, finished]).toEqual([1, 1]);
    const rest: string[] = [];
    await (await busOn(database)).consume('test', ['rule.changed'], async (event) => void rest.push(codeOf(event)));
    await until('the rest', () => rest.length === 2);
    expect(rest).toEqual(['b', 'c']);
  });
});

import { pino } from 'pino';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '#backend/engines/database/open.ts';
import { parseStored } from '#backend/engines/database/stored-json.ts';
import { onEachAdapter } from './adapters.ts';

onEachAdapter('rows that cannot be read', ({ fresh }) => {
  it('are logged once, without their value, and again if they are damaged again; health drops corrected ones', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'error' }, { write: (line) => lines.push(line) });
    const database = await openDatabase(await fresh(), log);
    try {
      const { query, unreadable } = database;
      await query.insertInto('rule_charts').values({ code: 'a', definition: '{"password":"hunter2"' }).execute();
      const write = (definition: string) => query.updateTable('rule_charts').set({ definition }).execute();
      const list = async () => {
        const rows = await query.selectFrom('rule_charts').selectAll().execute();
        return rows.map(({ code, definition }) =>
          unreadable.leaveOut(() =>
            parseStored(z.strictObject({}), definition, { table: 'rule_charts', row: { code }, column: 'definition' }),
          ),
        );
      };
      expect(await unreadable.describe('alerting')).toBeNull();
      expect([await list(), await list()]).toEqual([[null], [null]]);
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toContain('hunter2');
      expect(lines[0]).toContain('table rule_charts, row code “a”, in the database can’t be read: it is not JSON.');
      expect(await unreadable.describe('alerting')).toContain('Left out: Column definition of table rule_charts');
      expect(await unreadable.describe('charts')).toBeNull();
      await write('{}');
      expect(await list()).toEqual([{}]);
      expect(await unreadable.describe('alerting')).toBeNull();
      await write('{"b":1}');
      await list();
      expect(lines).toHaveLength(2);
      await query.deleteFrom('rule_charts').execute();
      expect(await unreadable.describe('alerting')).toBeNull();
    } finally {
      await database.close();
    }
  });

  it('do not hide other failures', async () => {
    const database = await openDatabase(await fresh(), pino({ level: 'silent' }));
    const failing = () => {
      throw new Error('something else');
    };
    expect(() => database.unreadable.leaveOut(failing)).toThrow('something else');
    await database.close();
  });
});

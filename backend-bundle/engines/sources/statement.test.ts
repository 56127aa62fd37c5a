import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceKind } from '#common/contract/sources.ts';
import { parseStatement } from './statement.ts';

const kinds: SourceKind[] = ['sqlite', 'postgresql', 'mysql'];
const range = 'WHERE t >= :from AND t < :to';

describe('parameters', () => {
  it.each([
    ['sqlite', `SELECT 1 ${range}`, 'SELECT 1 WHERE t >= :from AND t < :to'],
    ['postgresql', `SELECT 1 ${range}`, 'SELECT 1 WHERE t >= $1::bigint AND t < $2::bigint'],
    ['mysql', `SELECT 1 ${range}`, 'SELECT 1 WHERE t >= ? AND t < ?'],
    [
      'postgresql',
      `SELECT t::text, a[1:2], :from::text ${range}`,
      'SELECT t::text, a[1:2], $1::bigint::text WHERE t >= $1::bigint AND t < $2::bigint',
    ],
    ['mysql', `SELECT @n := 1 ${range}`, 'SELECT @n := 1 WHERE t >= ? AND t < ?'],
  ] as const)('are found in %s: %s', (kind, sql, text) => {
    expect(parseStatement(sql, kind).text).toBe(text);
  });

  it('keeps the order of repeated ones for drivers that bind by position', () => {
    expect(parseStatement('SELECT :to, :from, :to', 'mysql').order).toEqual(['to', 'from', 'to']);
  });

  it.each([
    ['sqlite', `SELECT ':to', ":from", \`:x\`, [:y], 'it''s :z' ${range}`],
    ['postgresql', `SELECT ':to', ":from", E'a\\':x', $$ :y $$, $tag$ $$ :z $tag$ ${range}`],
    ['mysql', `SELECT ':to', ":from", \`:x\`, 'a\\':y' ${range}`],
  ] as const)('are left alone inside quoted text of %s', (kind, sql) => {
    const quoted = sql.slice(0, sql.indexOf(range));
    expect(parseStatement(sql, kind).text.startsWith(quoted)).toBe(true);
  });

  it.each([
    ['sqlite', `SELECT 1 -- :x ; DROP\n ${range} /* :y ' */`],
    ['postgresql', `SELECT 1 /* a /* :x */ ; b */ ${range}`],
    ['mysql', `SELECT 1 # :x 'y\n ${range} -- :z`],
  ] as const)('are left alone inside comments of %s', (kind, sql) => {
    expect(parseStatement(sql, kind).text).not.toMatch(/x|y|z|DROP/);
  });

  it('are counted outside of text only', () => {
    expect(() => parseStatement("SELECT ':from', ':to'", 'sqlite')).toThrow('does not use ":from"');
  });

  it('in MySQL, "--" without a space is two minus signs', () => {
    expect(parseStatement(`SELECT 5--3 ${range}`, 'mysql').text).toContain('5--3 WHERE');
  });

  it('any quoted text arrives unchanged', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('sqlite' as const, 'postgresql' as const), (inside, kind) => {
        const literal = `'${inside.replaceAll("'", "''")}'`;
        expect(parseStatement(`SELECT ${literal} ${range}`, kind).text).toContain(literal);
      }),
    );
  });
});

describe('refuses', () => {
  it.each([
    ['', 'is empty'],
    ['-- only a comment', 'is empty'],
    [`DELETE FROM x ${range}`, 'begins with DELETE'],
    [`INSERT INTO x SELECT 1 ${range}`, 'begins with INSERT'],
    [`ATTACH 'own.db' || :from || :to AS own`, 'begins with ATTACH'],
    [`SELECT 1 ${range}; SELECT 2`, 'more than one statement'],
    [`SELECT 1 ${range}; -- fine\n DROP TABLE x`, 'more than one statement'],
    ['SELECT 1 WHERE t < :to', 'does not use ":from"'],
    [`SELECT :until ${range}`, 'parameter ":until"'],
    [`SELECT 'open ${range}`, 'ends inside the quoted text'],
    [`SELECT 1 ${range} /* open`, 'ends inside the comment'],
  ])('%j', (sql, message) => {
    for (const kind of kinds) {
      expect(() => parseStatement(sql, kind)).toThrow(
        expect.objectContaining({ code: 'sql_rejected', field: 'sql', message: expect.stringContaining(message) }),
      );
    }
  });

  it.each([
    ['sqlite', `SELECT ? ${range}`],
    ['sqlite', `SELECT @a ${range}`],
    ['sqlite', `SELECT $a ${range}`],
    ['postgresql', `SELECT $1 ${range}`],
    ['mysql', `SELECT ? ${range}`],
  ] as const)('placeholders without a value, in %s: %s', (kind, sql) => {
    expect(() => parseStatement(sql, kind)).toThrow('placeholder');
  });

  it('MySQL that writes a file, or hides in executable comments', () => {
    expect(() => parseStatement(`SELECT 1 INTO OUTFILE '/tmp/x' FROM a ${range}`, 'mysql')).toThrow('writes to a file');
    expect(() => parseStatement(`SELECT 1 /*! INTO OUTFILE '/tmp/x' */ ${range}`, 'mysql')).toThrow('executable comment');
    expect(() => parseStatement(`SELECT 1 /*M!100 x */ ${range}`, 'mysql')).toThrow('executable comment');
  });

  it('a second statement, wherever it is put', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.stringMatching(/^[ \t\n]*$/), (kind, space) => {
        expect(() => parseStatement(`SELECT 1 ${range};${space}x`, kind)).toThrow('more than one statement');
        expect(parseStatement(`SELECT 1 ${range};${space};`, kind).text).not.toContain(';');
      }),
    );
  });
});

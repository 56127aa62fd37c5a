import { AppError } from '#common/contract/errors.ts';
import type { SourceKind } from '#common/contract/sources.ts';

type ParameterName = 'from' | 'to';

/** A query for the driver. */
export interface Statement {
  /** The SQL with placeholders of the dialect: `:from` (SQLite), `$1::bigint` (PostgreSQL), `?` (MySQL). */
  text: string;
  /** For `?` placeholders: the parameter of each, in order. */
  order: ParameterName[];
}

const usage = 'Write one SELECT that reads rows with a time >= :from and < :to (epoch milliseconds).';

function reject(message: string, hint = usage): never {
  throw new AppError('sql_rejected', message, { field: 'sql', hint });
}

const wordStart = /[A-Za-z_\u0080-\uffff]/;
const word = /[A-Za-z0-9_$\u0080-\uffff]+/y;
const parameterName = /[A-Za-z_][A-Za-z0-9_]*/y;
const dollarQuote = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

/** @returns the index after the closing quote; a doubled quote (and `\x`, where `backslash`) stays inside. */
function endOfQuoted(sql: string, start: number, close: string, backslash: boolean): number {
  for (let i = start + 1; i < sql.length; i++) {
    if (backslash && sql[i] === '\\') i++;
    else if (sql[i] === close) {
      if (sql[i + 1] !== close || close === ']') return i + 1;
      i++;
    }
  }
  return reject(`The SQL ends inside the quoted text that begins at character ${start + 1}.`, `Close it with ${close}.`);
}

function endOfLine(sql: string, start: number): number {
  const end = sql.indexOf('\n', start);
  return end < 0 ? sql.length : end;
}

/** PostgreSQL nests block comments, the others do not. */
function endOfComment(sql: string, start: number, nested: boolean): number {
  let depth = 1;
  for (let i = start + 2; i < sql.length; i++) {
    if (sql.startsWith('*/', i)) {
      depth--;
      i++;
      if (depth === 0) return i + 1;
    } else if (nested && sql.startsWith('/*', i)) {
      depth++;
      i++;
    }
  }
  return reject(`The SQL ends inside the comment that begins at character ${start + 1}.`, 'Close it with */.');
}

/** @returns the index after the comment or quoted text that begins at `i`, or `i` when none does. */
function skipOpaque(sql: string, i: number, dialect: SourceKind): { end: number; comment: boolean } {
  const char = sql[i];
  const next = sql[i + 1];
  const mysql = dialect === 'mysql';
  if (char === '-' && next === '-' && (!mysql || (sql[i + 2] ?? ' ') <= ' ')) {
    return { end: endOfLine(sql, i), comment: true };
  }
  if (char === '#' && mysql) return { end: endOfLine(sql, i), comment: true };
  if (char === '/' && next === '*') {
    if (mysql && /^\/\*M?!/.test(sql.slice(i, i + 4))) {
      reject('The SQL has an executable comment (/*! … */).', 'Write its content as plain SQL, or remove it.');
    }
    return { end: endOfComment(sql, i, dialect === 'postgresql'), comment: true };
  }
  if (char === "'") {
    const escapes = mysql || (dialect === 'postgresql' && /(^|[^A-Za-z0-9_$])[eE]$/.test(sql.slice(Math.max(0, i - 2), i)));
    return { end: endOfQuoted(sql, i, "'", escapes), comment: false };
  }
  if (char === '"') return { end: endOfQuoted(sql, i, '"', mysql), comment: false };
  if (char === '`' && dialect !== 'postgresql') return { end: endOfQuoted(sql, i, '`', false), comment: false };
  if (char === '[' && dialect === 'sqlite') return { end: endOfQuoted(sql, i, ']', false), comment: false };
  if (char === '$' && dialect === 'postgresql') {
    const tag = match(dollarQuote, sql, i);
    if (tag !== undefined) {
      const close = sql.indexOf(tag, i + tag.length);
      if (close < 0) reject(`The SQL ends inside the quoted text that begins at character ${i + 1}.`, `Close it with ${tag}.`);
      return { end: close + tag.length, comment: false };
    }
  }
  return { end: i, comment: false };
}

function placeholder(dialect: SourceKind, name: ParameterName): string {
  // A bare $1 would get its type from its context: `$1 / 1000` makes it a 32-bit integer, too small for epoch ms.
  if (dialect === 'postgresql') return name === 'from' ? '$1::bigint' : '$2::bigint';
  return dialect === 'mysql' ? '?' : `:${name}`;
}

/** Returns whether a driver's own placeholder is here, to which nothing would be bound. */
function isForeignPlaceholder(sql: string, i: number, dialect: SourceKind): boolean {
  const char = sql[i];
  if (char === '?') return dialect !== 'postgresql';
  if (char === '$') return dialect === 'sqlite' || /[0-9]/.test(sql[i + 1] ?? '');
  return char === '@' && dialect === 'sqlite';
}

/**
 * Parses the SQL of a loader: replaces `:from` and `:to` outside of quoted text and comments with placeholders. The server decides whether
 * it is valid and read-only; this refuses what must never reach the server.
 * @throws AppError sql_rejected: several statements, not a query, unknown or missing parameters
 */
export function parseStatement(sql: string, dialect: SourceKind): Statement {
  const order: ParameterName[] = [];
  const words: string[] = [];
  let text = '';
  let ended = false;
  for (let i = 0; i < sql.length; ) {
    const char = sql[i] ?? '';
    const opaque = skipOpaque(sql, i, dialect);
    let end = opaque.end > i ? opaque.end : i + 1;
    let piece = sql.slice(i, end);
    if (opaque.comment) piece = ' ';
    else if (ended && !/[\s;]/.test(char)) reject('The SQL holds more than one statement.');
    else if (opaque.end === i) {
      if (char === ';') {
        ended = true;
        piece = ' ';
      } else if (char === ':' && (sql[i + 1] === ':' || sql[i + 1] === '=')) {
        end = i + 2;
        piece = sql.slice(i, end);
      } else if (char === ':' && wordStart.test(sql[i + 1] ?? '')) {
        const name = match(parameterName, sql, i + 1) ?? '';
        if (name !== 'from' && name !== 'to') reject(`The SQL has the parameter ":${name}", which does not exist.`);
        order.push(name);
        end = i + 1 + name.length;
        piece = placeholder(dialect, name);
      } else if (wordStart.test(char)) {
        piece = match(word, sql, i) ?? char;
        end = i + piece.length;
        words.push(piece.toUpperCase());
      } else if (/[0-9]/.test(char)) {
        piece = match(word, sql, i) ?? char;
        end = i + piece.length;
      } else if (isForeignPlaceholder(sql, i, dialect)) {
        reject(`The SQL has a "${char}" placeholder at character ${i + 1}; nothing is bound to it.`);
      }
    }
    text += piece;
    i = end;
  }
  const first = words[0];
  if (first === undefined) reject('The SQL is empty.');
  if (first !== 'SELECT' && first !== 'WITH' && first !== 'VALUES') {
    reject(`The SQL begins with ${first}; a loader may only read.`);
  }
  if (dialect === 'mysql' && words.some((each, i) => each === 'INTO' && /^(OUT|DUMP)FILE$/.test(words[i + 1] ?? ''))) {
    reject('The SQL writes to a file on the server; a loader may only read.');
  }
  for (const name of ['from', 'to'] as const) {
    if (!order.includes(name)) reject(`The SQL does not use ":${name}".`);
  }
  return { text: text.trim(), order };
}

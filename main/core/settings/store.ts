import type { Settings } from '#common/contract/console/settings.ts';
import { settingsSchema } from '#common/contract/console/settings.ts';
import type { ReadableDb, WritableDb } from '../database/connection.ts';
import { get, run } from '../database/connection.ts';

/** Reads the stored settings. A setting that this version cannot read gets its default; the others are kept. */
export function readSettings(db: ReadableDb): Settings {
  const row = get<{ body: string }>(db, 'SELECT body FROM settings WHERE id = 1');
  const kept: unknown = row === undefined ? {} : JSON.parse(row.body);
  const whole = settingsSchema.safeParse(kept);
  if (whole.success) return whole.data;
  const parts = Object.entries(settingsSchema.shape).flatMap(([name, schema]) => {
    const part = schema.safeParse((kept as Record<string, unknown>)[name]);
    return part.success ? [[name, part.data]] : [];
  });
  return settingsSchema.parse(Object.fromEntries(parts));
}

function changeSettings(db: WritableDb, change: Partial<{ [K in keyof Settings]: Settings[K] | undefined }>): Settings {
  const next = settingsSchema.parse({ ...readSettings(db), ...change });
  run(db, 'INSERT INTO settings (id, body) VALUES (1, @body) ON CONFLICT (id) DO UPDATE SET body = excluded.body', {
    body: JSON.stringify(next),
  });
  return next;
}

export const settingsOperations = { reads: { settings: readSettings }, writes: { changeSettings } };

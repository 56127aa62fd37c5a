import { describe, expect, test } from 'vitest';
import { port } from './commands/shared.ts';
import { readEnvironment } from './config.ts';

describe('numbers in the environment and in flags', () => {
  test.each([' ', '0x10', '1e3', '5.5', '-1', '7 days', '٤٠٠'])('reject “%s” with the name of the variable', (text) => {
    for (const name of [
      'WATCHFLOOR_RETENTION_DAYS',
      'WATCHFLOOR_EVALUATION_DAYS',
      'WATCHFLOOR_NOTIFICATION_DAYS',
      'WATCHFLOOR_REQUESTS_PER_MINUTE',
      'WATCHFLOOR_CONVEYOR_HISTORY_DAYS',
    ]) {
      expect(() => readEnvironment({ [name]: text })).toThrow(expect.objectContaining({ code: 'validation_failed', field: name }));
    }
    expect(port.safeParse(text).success).toBe(false);
  });

  test('are decimal digits; an empty variable counts as unset, an empty flag as none', () => {
    expect(readEnvironment({ WATCHFLOOR_RETENTION_DAYS: '0' }).WATCHFLOOR_RETENTION_DAYS).toBe(0);
    expect(readEnvironment({ WATCHFLOOR_RETENTION_DAYS: '' }).WATCHFLOOR_RETENTION_DAYS).toBe(400);
    expect(port.parse('8080')).toBe(8_080);
    expect(port.safeParse('').success).toBe(false);
  });
});

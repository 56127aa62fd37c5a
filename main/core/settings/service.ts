import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { Context } from '../context.ts';

export function settingsHandlers({ database, emit }: Context): ConsoleHandlers['settings'] {
  return {
    get: () => database.read.settings(),
    set: async (change) => {
      const settings = await database.write.changeSettings(change);
      emit('settings', 'changed', settings);
      return settings;
    },
  };
}

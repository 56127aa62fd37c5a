import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { Context } from '../context.ts';

export function settingsHandlers({ cache, emit }: Context): ConsoleHandlers['settings'] {
  return {
    get: () => cache.read.settings(),
    set: async (change) => {
      const settings = await cache.write.changeSettings(change);
      emit('settings', 'changed', settings);
      return settings;
    },
  };
}

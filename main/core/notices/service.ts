import type { ConsoleHandlers } from '#common/contract/console/index.ts';
import type { Context } from '../context.ts';

/** Handlers of the inbox. */
export function noticeHandlers({ database, touched }: Context): ConsoleHandlers['notices'] {
  return {
    inbox: () => database.read.inbox(),
    markRead: async ({ ids }) => {
      await database.write.markRead({ ids });
      touched('notices');
    },
  };
}

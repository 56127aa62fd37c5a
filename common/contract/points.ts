import { z } from 'zod';
import { seriesSelector } from './charts.ts';
import { endpoint } from './endpoint.ts';
import { epochMsInput } from './primitives.ts';

/** Permanently deletes an interval of the matching series. */
const pointsDeletion = z.strictObject({
  selector: seriesSelector,
  /** Half-open, ms. */
  from: epochMsInput,
  to: epochMsInput,
});

export const points = {
  delete: endpoint({
    method: 'POST',
    path: '/api/v1/points/delete',
    role: 'ADMIN',
    summary:
      'Permanently delete the points of one selector in a range (epoch ms, `to` excluded). Points that are stored there later are kept. Audited.',
    body: pointsDeletion,
    reply: z.object({ deleted: z.number().int() }),
    errors: ['not_found', 'invalid_time_range'],
  }),
};

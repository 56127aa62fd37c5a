export const sql = `
  -- Changes that are sent in one request carry its idempotency key: every try of it has to hold the same changes.
  ALTER TABLE outbox ADD COLUMN batch TEXT;
`;

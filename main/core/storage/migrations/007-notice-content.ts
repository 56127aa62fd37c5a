export const sql = `
  -- What a notice says as a code and parameters, JSON; null for those of older consoles, which have a title and a body in English only.
  ALTER TABLE notices ADD COLUMN content TEXT;
`;

/** What a denied ticket asked for, in an index: anyone who asks for the same again is told so. */
const denied = `
CREATE INDEX ticket_denied ON ticket (
  CASE WHEN json_valid(plan) THEN plan ->> '$.tool' END,
  CASE WHEN json_valid(plan) THEN plan -> '$.arguments' END
) WHERE state IN ('denied', 'failed');
`;

/** What people are still to be told, each of it for one recipient. Rows go when it was sent, or given up. */
const outbox = `
CREATE TABLE notice (
  id TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  ticket TEXT,
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  claim_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_next ON notice (recipient, seq);
CREATE INDEX notice_age ON notice (created_at);
`;

export const migration0002 = denied + outbox;

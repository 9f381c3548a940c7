/**
 * Decisions that break the glass, in an index: every listing asks for them, and there are few among very many entries.
 * By the signed statement itself, and not by a copy of it that anyone who writes the database could take out.
 */
const statement = `CASE WHEN json_valid(text) THEN text ->> '$.detail.statement' END`;
export const BREAKS_GLASS = `CASE WHEN json_valid(${statement}) THEN ${statement} ->> '$.break_glass' END = 1 AND ticket_seq > 0`;

export const migration0003 = `
CREATE INDEX entry_glass ON entry (seq) WHERE ${BREAKS_GLASS};
`;

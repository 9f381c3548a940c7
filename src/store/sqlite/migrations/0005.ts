/**
 * The recovery kits that the log names, in an index: what no entry names is removed, and nothing else may be.
 */
export const NAMES_KIT = `CASE WHEN json_valid(text) THEN text ->> '$.detail.intent.kit.sha256' END`;

export const migration0005 = `
CREATE INDEX entry_kit ON entry (${NAMES_KIT}) WHERE ${NAMES_KIT} IS NOT NULL;
`;

/**
 * What is approved, in the order in which executors take it: where ten thousand wait for a halt to end, what is
 * looked at for each that can run is this index alone.
 * Who is at work, and in which account, is told by the few that are claimed.
 */
export const migration0004 = `
CREATE INDEX ticket_due ON ticket (claim_epoch, n, id, claim_until, account) WHERE state = 'approved';
CREATE INDEX ticket_claimed ON ticket (claim_until) WHERE claim_owner IS NOT NULL;
`;

import { isTerminal, TICKET_STATES, type TicketState, TRANSITIONS } from '../../../kernel/ticket.ts';

const list = (states: readonly TicketState[]) => states.map((state) => `'${state}'`).join(', ');
const transitions = TICKET_STATES.filter((state) => !isTerminal(state))
  .map((from) => `(OLD.state = '${from}' AND NEW.state IN (${list(TRANSITIONS[from])}))`)
  .join('\n    OR ');
/*
 * A member of a JSON text, or null where it isn't JSON any more: a damaged row must not keep people from reading the
 * others.
 */
const member = (column: 'text' | 'draft' | 'plan', path: string, arrow: '->' | '->>' = '->>') =>
  `CASE WHEN json_valid(${column}) THEN ${column} ${arrow} '${path}' END`;
/* A member of the signed statement in a decision's entry. */
const said = (name: string) =>
  `CASE WHEN json_valid(detail ->> '$.statement') THEN detail ->> '$.statement' ->> '$.${name}' END`;
/* How many targets and lines of impact the overview has room for: the plan has them all. */
const SHOWN = 50;
const unplanned: readonly TicketState[] = ['planning', 'refused', 'withdrawn', 'expired'];

/*
 * Changed in place until the first release; from then on what comes later is a migration of its own, a change to
 * TRANSITIONS too (drop and create `ticket_transition`).
 *
 * The triggers are a fence for slips and for the plain shell. Who can write to the file can drop them: the proof is the
 * Merkle tree. The insert guards are what stops INSERT OR REPLACE, which fires no delete trigger unless
 * recursive_triggers is on.
 */
export const migration0001 = `
CREATE TABLE tree (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  log_id TEXT NOT NULL,
  size INTEGER NOT NULL,
  frontier BLOB NOT NULL CHECK (length(frontier) % 32 = 0),
  statements INTEGER NOT NULL,
  news INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER tree_insert BEFORE INSERT ON tree WHEN EXISTS (SELECT 1 FROM tree)
BEGIN SELECT RAISE(ABORT, 'tree: there is one log'); END;
CREATE TRIGGER tree_update BEFORE UPDATE ON tree
WHEN NEW.size < OLD.size OR NEW.news < OLD.news OR NEW.log_id <> OLD.log_id OR NEW.one <> OLD.one
  OR (NEW.size = OLD.size AND (NEW.frontier <> OLD.frontier OR NEW.statements <> OLD.statements))
BEGIN SELECT RAISE(ABORT, 'tree: it only grows'); END;
CREATE TRIGGER tree_delete BEFORE DELETE ON tree
BEGIN SELECT RAISE(ABORT, 'tree: it stays'); END;

CREATE TABLE entry (
  seq INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  ticket ANY AS (${member('text', '$.ticket')}) VIRTUAL,
  ticket_seq ANY AS (${member('text', '$.detail.ticket_seq')}) VIRTUAL,
  statement_seq ANY AS (${member('text', '$.detail.statement_seq')}) VIRTUAL,
  read_session ANY AS (CASE WHEN ${member('text', '$.type')} = 'call.completed'
    AND ${member('text', '$.tool')} NOT GLOB 'ticket_*' AND ${member('text', '$.ticket')} IS NULL
    THEN ${member('text', '$.session')} END) VIRTUAL
) STRICT;
CREATE TRIGGER entry_insert BEFORE INSERT ON entry WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
BEGIN SELECT RAISE(ABORT, 'entry: the log is only appended to'); END;
CREATE TRIGGER entry_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entry: the log is only appended to'); END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entry: the log is only appended to'); END;
CREATE INDEX entry_ticket ON entry (ticket, ticket_seq) WHERE ticket IS NOT NULL;
CREATE INDEX entry_read ON entry (read_session, seq) WHERE read_session IS NOT NULL;
CREATE INDEX entry_statement ON entry (statement_seq) WHERE statement_seq IS NOT NULL;

CREATE TABLE ticket (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN (${list(TICKET_STATES)})),
  draft TEXT NOT NULL,
  plan TEXT,
  digest TEXT,
  call TEXT,
  entries INTEGER NOT NULL,
  claim_owner TEXT,
  claim_epoch INTEGER NOT NULL DEFAULT 0,
  claim_until INTEGER,
  progress TEXT,
  agent ANY AS (${member('draft', '$.agent')}) VIRTUAL,
  created_at ANY AS (${member('draft', '$.created_at')}) VIRTUAL,
  expires_at ANY AS (${member('draft', '$.expires_at')}) VIRTUAL,
  tool ANY AS (${member('draft', '$.tool')}) VIRTUAL,
  environment ANY AS (${member('plan', '$.environment')}) VIRTUAL,
  account ANY AS (${member('plan', '$.account')}) VIRTUAL,
  worst ANY AS (${member('plan', '$.effects[0]')}) VIRTUAL,
  deletes ANY AS (CASE WHEN ${member('plan', '$.lifecycle.event')} = 'delete'
    THEN ${member('plan', '$.lifecycle.name')} END) VIRTUAL,
  restores ANY AS (${member('plan', '$.restores.ticket')}) VIRTUAL,
  CHECK ((plan IS NULL) = (digest IS NULL) AND (plan IS NULL) = (call IS NULL)),
  CHECK (plan IS NOT NULL OR state IN (${list(unplanned)})),
  CHECK (claim_owner IS NULL OR claim_until IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX ticket_call ON ticket (call) WHERE state = 'pending';
CREATE INDEX ticket_call_approved ON ticket (call) WHERE state = 'approved';
CREATE INDEX ticket_state ON ticket (state);
CREATE INDEX ticket_agent ON ticket (agent);
CREATE INDEX ticket_agent_state ON ticket (agent, state);
CREATE INDEX ticket_asked ON ticket (agent, created_at, worst, environment);
CREATE INDEX ticket_deletes ON ticket (deletes, state) WHERE deletes IS NOT NULL;
CREATE INDEX ticket_restores ON ticket (restores) WHERE restores IS NOT NULL;
CREATE TRIGGER ticket_insert BEFORE INSERT ON ticket
WHEN NEW.state NOT IN ('planning', 'pending', 'approved', 'refused')
  OR EXISTS (SELECT 1 FROM ticket WHERE id = NEW.id OR n = NEW.n)
  OR (NEW.state = 'pending' AND EXISTS (SELECT 1 FROM ticket WHERE call = NEW.call AND state = 'pending'))
BEGIN SELECT RAISE(ABORT, 'ticket: it is there already, or begins in a state that none begins in'); END;
CREATE TRIGGER ticket_transition BEFORE UPDATE OF state ON ticket
WHEN NEW.state <> OLD.state AND NOT (
    ${transitions})
BEGIN SELECT RAISE(ABORT, 'ticket: that state does not follow'); END;
CREATE TRIGGER ticket_fixed BEFORE UPDATE ON ticket
WHEN OLD.state IN (${list(TICKET_STATES.filter(isTerminal))})
  OR NEW.id <> OLD.id OR NEW.n <> OLD.n OR NEW.entries < OLD.entries OR NEW.claim_epoch < OLD.claim_epoch
  OR (NEW.draft <> OLD.draft AND NOT (OLD.state = 'planning' AND NEW.plan IS NOT NULL
    AND json_remove(NEW.draft, '$.expires_at') = json_remove(OLD.draft, '$.expires_at')))
  OR (OLD.plan IS NOT NULL AND (NEW.plan IS NOT OLD.plan OR NEW.digest IS NOT OLD.digest OR NEW.call IS NOT OLD.call))
BEGIN SELECT RAISE(ABORT, 'ticket: what was asked and how it ended stay as they are'); END;
CREATE TRIGGER ticket_delete BEFORE DELETE ON ticket
BEGIN SELECT RAISE(ABORT, 'ticket: it stays'); END;

CREATE TABLE residue (
  ticket TEXT NOT NULL,
  residue TEXT NOT NULL,
  tool TEXT NOT NULL,
  agent TEXT NOT NULL,
  announced_at INTEGER NOT NULL,
  abandoned INTEGER NOT NULL DEFAULT 0,
  claim_owner TEXT,
  claim_until INTEGER,
  CHECK ((claim_owner IS NULL) = (claim_until IS NULL)),
  PRIMARY KEY (ticket, residue)
) STRICT, WITHOUT ROWID;

CREATE VIEW audit_events AS
SELECT
  seq,
  ${member('text', '$.at')} AS at,
  ${member('text', '$.type')} AS type,
  ${member('text', '$.actor')} AS actor,
  ${member('text', '$.session')} AS session,
  ticket,
  ${member('text', '$.tool')} AS tool,
  ${member('text', '$.environment')} AS environment,
  ${member('text', '$.outcome')} AS outcome,
  ${member('text', '$.detail', '->')} AS detail
FROM entry;

-- What each decision is, as the statement in it says. One that its person took back afterwards doesn't stand; a denial always does.
CREATE VIEW ticket_decision AS
WITH decision AS NOT MATERIALIZED (
  SELECT seq, at, ticket, ${said('by')} AS decided_by, ${said('decision')} AS decision
  FROM audit_events WHERE type = 'decision.recorded'
)
SELECT
  seq,
  at,
  ticket,
  decided_by,
  decision,
  decision = 'deny' OR (decision = 'approve' AND NOT EXISTS (
    SELECT 1 FROM decision AS later WHERE later.ticket = +d.ticket AND later.decided_by = d.decided_by
      AND later.decision = 'withdraw' AND later.seq > d.seq
  )) AS stands
FROM decision AS d;

-- The plus takes the column's affinity away, without which the index on an expression isn't used.
CREATE VIEW ticket_overview AS
SELECT
  id,
  state,
  ${member('draft', '$.tool')} AS tool,
  agent,
  ${member('draft', '$.operator')} AS operator,
  ${member('plan', '$.environment')} AS environment,
  ${member('plan', '$.account')} AS account,
  ${member('draft', '$.region')} AS region,
  ${member('plan', '$.summary')} AS summary,
  (SELECT group_concat(value, ',') FROM json_each(CASE WHEN json_valid(plan) THEN plan END, '$.effects')) AS effects,
  created_at,
  expires_at,
  (SELECT max(at) FROM ticket_decision AS d WHERE d.ticket = +t.id AND d.stands AND t.state <> 'pending') AS decided_at,
  (SELECT group_concat(DISTINCT decided_by) FROM ticket_decision AS d WHERE d.ticket = +t.id AND d.stands) AS decided_by,
  (SELECT max(at) FROM audit_events AS e
    WHERE e.ticket = +t.id AND e.type = 'ticket.' || t.state AND t.state IN (${list(TICKET_STATES.filter(isTerminal))})) AS finished_at,
  (SELECT outcome FROM audit_events AS e WHERE e.ticket = +t.id AND e.type = 'ticket.' || t.state) AS outcome,
  ${member('draft', '$.reason')} AS reason,
  (SELECT group_concat(id, ' ') FROM (SELECT value ->> '$.id' AS id
    FROM json_each(CASE WHEN json_valid(plan) THEN plan END, '$.targets') LIMIT ${SHOWN})) AS targets,
  (SELECT group_concat(line, ' ') FROM (SELECT (value ->> '$.effect') || ':' || (value ->> '$.resource') AS line
    FROM json_each(CASE WHEN json_valid(plan) THEN plan END, '$.impact') LIMIT ${SHOWN})) AS impact
FROM ticket AS t;
`;

import { isTerminal, TICKET_STATES } from '../../../kernel/ticket.ts';

/* How many targets and lines of impact the overview has room for: the plan has them all. */
const SHOWN = 50;
const terminal = TICKET_STATES.filter(isTerminal)
  .map((state) => `'${state}'`)
  .join(', ');

/** The elements of what may be no list: one row of an attacker's must not keep people from seeing the others. */
const listed = (what: string, as: 'jsonb_array_elements' | 'jsonb_array_elements_text' = 'jsonb_array_elements') =>
  `${as}(CASE jsonb_typeof(${what}) WHEN 'array' THEN ${what} ELSE '[]' END)`;

/** For people at psql: the same columns as the other store's. */
export const VIEWS = `
CREATE VIEW holdshort.audit_events AS
SELECT seq, at, type, said ->> 'actor' AS actor, said ->> 'session' AS session, ticket, said ->> 'tool' AS tool,
  said ->> 'environment' AS environment, said ->> 'outcome' AS outcome, said -> 'detail' AS detail
FROM (SELECT e.*, holdshort.parsed(e.text) AS said FROM holdshort.entry e) AS entry;

-- What each decision is, as the statement in it says. One that its person took back afterwards doesn't stand; a denial always does.
CREATE VIEW holdshort.ticket_decision AS
WITH decision AS NOT MATERIALIZED (
  SELECT seq, at, ticket, said ->> 'by' AS decided_by, said ->> 'decision' AS decision
  FROM (SELECT e.*, holdshort.parsed(e.detail ->> 'statement') AS said FROM holdshort.audit_events e
    WHERE e.type = 'decision.recorded') AS recorded
)
SELECT seq, at, ticket, decided_by, decision,
  decision = 'deny' OR (decision = 'approve' AND NOT EXISTS (
    SELECT 1 FROM decision AS later WHERE later.ticket = d.ticket AND later.decided_by = d.decided_by
      AND later.decision = 'withdraw' AND later.seq > d.seq
  )) AS stands
FROM decision AS d;

CREATE VIEW holdshort.ticket_overview AS
SELECT t.id, t.state, t.tool, t.agent, said.draft ->> 'operator' AS operator, t.environment, t.account,
  said.draft ->> 'region' AS region, said.plan ->> 'summary' AS summary,
  (SELECT string_agg(effect, ',') FROM ${listed("said.plan -> 'effects'", 'jsonb_array_elements_text')} AS effect) AS effects,
  t.created_at, t.expires_at,
  (SELECT max(d.at) FROM holdshort.ticket_decision d WHERE d.ticket = t.id AND d.stands AND t.state <> 'pending') AS decided_at,
  (SELECT string_agg(DISTINCT d.decided_by, ',') FROM holdshort.ticket_decision d WHERE d.ticket = t.id AND d.stands) AS decided_by,
  (SELECT max(e.at) FROM holdshort.entry e
    WHERE e.ticket = t.id AND e.type = 'ticket.' || t.state AND t.state IN (${terminal})) AS finished_at,
  (SELECT max(e.outcome) FROM holdshort.audit_events e WHERE e.ticket = t.id AND e.type = 'ticket.' || t.state) AS outcome,
  said.draft ->> 'reason' AS reason,
  (SELECT string_agg(target ->> 'id', ' ') FROM (SELECT target FROM ${listed("said.plan -> 'targets'")} AS target
    LIMIT ${SHOWN}) AS shown) AS targets,
  (SELECT string_agg((line ->> 'effect') || ':' || (line ->> 'resource'), ' ')
    FROM (SELECT line FROM ${listed("said.plan -> 'impact'")} AS line LIMIT ${SHOWN}) AS shown) AS impact
FROM holdshort.ticket t, LATERAL (SELECT holdshort.parsed(t.draft) AS draft, holdshort.parsed(t.plan) AS plan) AS said;
`;

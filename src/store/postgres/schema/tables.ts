import { LONGEST_NAME, LONGEST_NOTE, LONGEST_PLAN, LONGEST_WAIT_MS } from '../../../kernel/longest.ts';
import { isTerminal, TICKET_STATES, type TicketState, TRANSITIONS } from '../../../kernel/ticket.ts';
import { askedFor, iso, MOMENT, readable } from './expressions.ts';
import { HINTS } from './hints.ts';

const list = (states: readonly TicketState[]) => states.map((state) => `'${state}'`).join(', ');
const unplanned: readonly TicketState[] = ['planning', 'refused', 'withdrawn', 'expired'];
const transitions = TICKET_STATES.filter((state) => !isTerminal(state))
  .map((from) => `(OLD.state = '${from}' AND NEW.state IN (${list(TRANSITIONS[from])}))`)
  .join('\n    OR ');

/** The recovery kit that an intent's entry names: only those that are written with an intent are read for one. */
export const NAMES_KIT = `holdshort.parsed(text) #>> '{detail,intent,kit,sha256}'`;
export const HAS_INTENT = `type IN ('ticket.executing', 'execution.step')`;

const hinted = Object.entries(HINTS)
  .map(([column, of]) => `  NEW.${column} := ${of};`)
  .join('\n');

/** How far behind a ticket's own time may be when it is stored: it is planned meanwhile. */
const PLANNED_WITHIN_MS = 600_000;
/** … and ahead: of two looks at the clock, the later one may be the earlier. */
const AHEAD_MS = 5_000;
const atMost = (bytes: number, ...columns: readonly string[]) =>
  `CHECK (${columns.map((column) => `coalesce(octet_length(${column}), 0) <= ${bytes}`).join(' AND ')})`;

/*
 * Texts are what is hashed and read back; the columns beside them are hints to find rows by, put in by the database
 * itself. They are read from a text by `readable`, which takes what PostgreSQL's jsonb does not: a NUL, or half of a
 * surrogate pair, that an agent wrote.
 */
export const TABLES = `
CREATE FUNCTION holdshort.legible(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN strpos(given, '\\u') = 0 THEN given ELSE replace(
    regexp_replace(
      replace(given, '\\\\', chr(1)),
      '\\\\u0000|\\\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?<!\\\\u[dD][89abAB][0-9a-fA-F]{2})\\\\u[dD][c-fC-F][0-9a-fA-F]{2}',
      '\\\\ufffd', 'g'),
    chr(1), '\\\\') END
$$;
CREATE FUNCTION holdshort.readable(given text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$ SELECT ${readable('given')} $$;

-- The same, and nothing where it is no JSON: a damaged row must not keep people from reading the others.
CREATE FUNCTION holdshort.parsed(given text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN ${readable('given')};
EXCEPTION WHEN data_exception THEN RETURN NULL;
END $$;

-- One row. 'newest' is when the newest entry was written, in milliseconds since 1970.
CREATE TABLE holdshort.tree (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  log_id text NOT NULL,
  size bigint NOT NULL,
  frontier bytea NOT NULL CHECK (length(frontier) % 32 = 0),
  statements bigint NOT NULL,
  news bigint NOT NULL DEFAULT 0,
  newest bigint NOT NULL DEFAULT 0
);

CREATE TABLE holdshort.entry (
  seq bigint PRIMARY KEY,
  text text COLLATE "C" NOT NULL,
  leaf bytea NOT NULL CHECK (length(leaf) = 32),
  at text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  ticket text COLLATE "C",
  ticket_seq bigint,
  statement_seq bigint,
  read_session text COLLATE "C",
  breaks_glass boolean NOT NULL
);
CREATE INDEX entry_ticket ON holdshort.entry (ticket, ticket_seq) WHERE ticket IS NOT NULL;
CREATE INDEX entry_read ON holdshort.entry (read_session, seq) WHERE read_session IS NOT NULL;
CREATE INDEX entry_statement ON holdshort.entry (statement_seq) WHERE statement_seq IS NOT NULL;
CREATE INDEX entry_glass ON holdshort.entry (seq) WHERE breaks_glass;
-- The recovery kits that the log names.
CREATE INDEX entry_kit ON holdshort.entry ((${NAMES_KIT})) WHERE ${HAS_INTENT};

CREATE TABLE holdshort.ticket (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE CHECK (id ~ '^tkt_[0-9a-hjkmnp-tv-z]{20}$'),
  state text COLLATE "C" NOT NULL CHECK (state IN (${list(TICKET_STATES)})),
  draft text COLLATE "C" NOT NULL,
  plan text COLLATE "C",
  digest text COLLATE "C",
  call text COLLATE "C",
  entries bigint NOT NULL,
  claim_owner text COLLATE "C",
  claim_epoch bigint NOT NULL DEFAULT 0,
  claim_until bigint,
  progress text,
  agent text COLLATE "C",
  operator text COLLATE "C",
  created_at text COLLATE "C",
  expires_at text COLLATE "C",
  tool text COLLATE "C",
  environment text COLLATE "C",
  account text COLLATE "C",
  region text COLLATE "C",
  worst text COLLATE "C",
  kind text COLLATE "C",
  deletes text COLLATE "C",
  restores text COLLATE "C",
  asked_for bytea,
  CHECK ((plan IS NULL) = (digest IS NULL) AND (plan IS NULL) = (call IS NULL)),
  CHECK (plan IS NOT NULL OR state IN (${list(unplanned)})),
  CHECK (claim_owner IS NULL OR claim_until IS NOT NULL),
  ${atMost(LONGEST_PLAN, 'plan')},
  ${atMost(LONGEST_NOTE, 'draft', 'progress')},
  ${atMost(LONGEST_NAME, 'digest', 'call', 'claim_owner')}
);
-- Of each agent and operator: a row of another's makes nobody's call one that waits already.
CREATE UNIQUE INDEX ticket_call ON holdshort.ticket (call, agent, operator) WHERE state = 'pending';
-- Of both states in one: of an index that begins with a state, or is of one, the planner expects as much while there are
-- few tickets, and holds on to it when there are many.
CREATE INDEX ticket_called ON holdshort.ticket (call) WHERE state IN ('pending', 'approved');
CREATE INDEX ticket_state ON holdshort.ticket (state, n);
CREATE INDEX ticket_agent ON holdshort.ticket (agent, operator, n);
CREATE INDEX ticket_agent_state ON holdshort.ticket (agent, operator, state, n);
CREATE INDEX ticket_asked ON holdshort.ticket (agent, operator, created_at);
CREATE INDEX ticket_deletes ON holdshort.ticket (deletes, state) WHERE deletes IS NOT NULL;
CREATE INDEX ticket_restores ON holdshort.ticket (restores) WHERE restores IS NOT NULL;
CREATE INDEX ticket_denied ON holdshort.ticket (asked_for) WHERE state IN ('denied', 'failed');
CREATE INDEX ticket_due ON holdshort.ticket (claim_epoch, n) WHERE state = 'approved';
CREATE INDEX ticket_claimed ON holdshort.ticket (claim_until) WHERE claim_owner IS NOT NULL;

CREATE TABLE holdshort.residue (
  ticket text COLLATE "C" NOT NULL,
  residue text COLLATE "C" NOT NULL CHECK (jsonb_typeof(holdshort.parsed(residue)) IS NOT DISTINCT FROM 'object'),
  tool text NOT NULL,
  agent text NOT NULL,
  announced_at bigint NOT NULL CHECK (announced_at BETWEEN 0 AND 8640000000000000),
  abandoned boolean NOT NULL DEFAULT false,
  claim_owner text,
  claim_until bigint,
  CHECK ((claim_owner IS NULL) = (claim_until IS NULL)),
  ${atMost(LONGEST_NOTE, 'residue')},
  ${atMost(LONGEST_NAME, 'ticket', 'tool', 'agent', 'claim_owner')},
  PRIMARY KEY (ticket, residue)
);

CREATE TABLE holdshort.notice (
  id text PRIMARY KEY,
  recipient text COLLATE "C" NOT NULL,
  ticket text,
  seq bigint NOT NULL,
  urgent boolean NOT NULL,
  created_at bigint NOT NULL,
  due_at bigint NOT NULL,
  tries bigint NOT NULL DEFAULT 0,
  claim_until bigint,
  ${atMost(LONGEST_NAME, 'recipient')}
);
CREATE INDEX notice_next ON holdshort.notice (recipient, urgent DESC, seq);
CREATE INDEX notice_age ON holdshort.notice (created_at);

-- What was committed under which number, for a writer whose connection broke at the commit. 'size' is the size of the
-- log before it; NULL where its writer asked first, and it never will be.
CREATE TABLE holdshort.operation (id uuid PRIMARY KEY, at bigint NOT NULL, size bigint);
CREATE INDEX operation_at ON holdshort.operation (at);

-- Who may write what; made from roles.ts.
CREATE TABLE holdshort.admitted (
  role text NOT NULL,
  type text COLLATE "C" NOT NULL,
  moves text COLLATE "C" NOT NULL,
  numbered text NOT NULL,
  actor text COLLATE "C" NOT NULL,
  PRIMARY KEY (role, type, moves)
);
`;

/*
 * A fence for slips of our own and for the owner at a shell. Who owns the database can take it down: the proof is the
 * Merkle tree.
 */
export const FENCES = `
CREATE FUNCTION holdshort.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION '%: it stays as it is', TG_TABLE_NAME USING ERRCODE = 'HS004'; END $$;

CREATE FUNCTION holdshort.hints() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  draft jsonb;
  plan jsonb;
  created timestamptz;
  expires timestamptz;
BEGIN
  -- Whoever lists tickets reads them all: one that is none would end every list.
  BEGIN
    draft := ${readable('NEW.draft')};
    plan := ${readable('NEW.plan')};
    IF jsonb_typeof(draft) IS DISTINCT FROM 'object' OR (NEW.plan IS NOT NULL AND jsonb_typeof(plan) IS DISTINCT FROM 'object')
      OR concat(NEW.draft, NEW.plan) ~ '[\x01-\x1f]' THEN
      RAISE EXCEPTION 'ticket: its draft or plan is none' USING ERRCODE = 'HS004';
    END IF;
    IF ARRAY(SELECT name FROM jsonb_object_keys(draft) AS k(name) ORDER BY name COLLATE "C") <> '{agent,created_at,expires_at,operator,reason,region,session,tool}'::text[]
      OR EXISTS (SELECT FROM jsonb_each(draft) AS m WHERE jsonb_typeof(m.value) <> 'string')
      OR draft ->> 'created_at' !~ '${MOMENT}' OR draft ->> 'expires_at' !~ '${MOMENT}' THEN
      RAISE EXCEPTION 'ticket: its draft is none' USING ERRCODE = 'HS004';
    END IF;
    created := draft ->> 'created_at';
    expires := draft ->> 'expires_at';
  EXCEPTION WHEN data_exception THEN
    RAISE EXCEPTION 'ticket: its draft or plan is none' USING ERRCODE = 'HS004';
  END;
  -- Quotas and lists go by these: who writes them chooses whose they are, and must not choose for how long.
  IF expires - created > interval '${LONGEST_WAIT_MS} milliseconds' THEN
    RAISE EXCEPTION 'ticket: its time is none' USING ERRCODE = 'HS005';
  END IF;
${hinted}
  RETURN NEW;
END $$;
CREATE FUNCTION holdshort.asked_for(tool text, arguments jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$ SELECT ${askedFor('tool', 'arguments')} $$;
CREATE TRIGGER ticket_hints BEFORE INSERT OR UPDATE OF draft, plan, agent, operator, created_at, expires_at, tool, environment,
  account, region, worst, kind, deletes, restores, asked_for ON holdshort.ticket
FOR EACH ROW EXECUTE FUNCTION holdshort.hints();

-- What planning is about to make for a ticket: there is none yet, or it is that agent's and still planned. The attacker
-- would have executors remove what belongs to another's.
CREATE FUNCTION holdshort.announced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM holdshort.ticket t WHERE t.id = NEW.ticket AND (t.state <> 'planning' OR t.agent IS DISTINCT FROM NEW.agent)) THEN
    RAISE EXCEPTION 'residue: % is planned already', NEW.ticket USING ERRCODE = 'HS005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER residue_insert BEFORE INSERT ON holdshort.residue FOR EACH ROW EXECUTE FUNCTION holdshort.announced();

-- After the hints, which it reads: triggers go by their names.
CREATE FUNCTION holdshort.begins() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_ms bigint := holdshort.moment();
BEGIN
  IF NEW.state NOT IN ('planning', 'pending', 'approved', 'refused') THEN
    RAISE EXCEPTION 'ticket: none begins as %', NEW.state USING ERRCODE = 'HS004';
  END IF;
  -- Who writes it doesn't choose from when on it is either.
  IF NEW.created_at NOT BETWEEN ${iso(`now_ms - ${PLANNED_WITHIN_MS}`)} AND ${iso(`now_ms + ${AHEAD_MS}`)} THEN
    RAISE EXCEPTION 'ticket: its time is none' USING ERRCODE = 'HS005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ticket_insert BEFORE INSERT ON holdshort.ticket FOR EACH ROW EXECUTE FUNCTION holdshort.begins();

CREATE FUNCTION holdshort.follows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (
    ${transitions}) THEN
    RAISE EXCEPTION 'ticket: % does not follow %', NEW.state, OLD.state USING ERRCODE = 'HS004';
  END IF;
  IF OLD.state IN (${list(TICKET_STATES.filter(isTerminal))})
    OR NEW.id <> OLD.id OR NEW.n <> OLD.n OR NEW.entries < OLD.entries OR NEW.claim_epoch NOT IN (OLD.claim_epoch, OLD.claim_epoch + 1)
    OR (NEW.draft <> OLD.draft AND NOT (OLD.state = 'planning' AND NEW.plan IS NOT NULL
      AND holdshort.readable(NEW.draft) - 'expires_at' = holdshort.readable(OLD.draft) - 'expires_at'))
    OR (OLD.plan IS NOT NULL AND (NEW.plan IS DISTINCT FROM OLD.plan OR NEW.digest IS DISTINCT FROM OLD.digest
      OR NEW.call IS DISTINCT FROM OLD.call)) THEN
    RAISE EXCEPTION 'ticket: what was asked and how it ended stay as they are' USING ERRCODE = 'HS004';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ticket_follows BEFORE UPDATE ON holdshort.ticket FOR EACH ROW EXECUTE FUNCTION holdshort.follows();
CREATE TRIGGER ticket_stays BEFORE DELETE OR TRUNCATE ON holdshort.ticket
FOR EACH STATEMENT EXECUTE FUNCTION holdshort.refuse();

CREATE FUNCTION holdshort.appended() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(e.seq), 0) + 1 FROM holdshort.entry e) THEN
    RAISE EXCEPTION 'entry: the log is only appended to' USING ERRCODE = 'HS004';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_insert BEFORE INSERT ON holdshort.entry FOR EACH ROW EXECUTE FUNCTION holdshort.appended();
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON holdshort.entry
FOR EACH STATEMENT EXECUTE FUNCTION holdshort.refuse();

CREATE FUNCTION holdshort.grows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.size < OLD.size OR NEW.news < OLD.news OR NEW.newest < OLD.newest OR NEW.log_id <> OLD.log_id
    OR (NEW.size = OLD.size AND (NEW.frontier <> OLD.frontier OR NEW.statements <> OLD.statements)) THEN
    RAISE EXCEPTION 'tree: it only grows' USING ERRCODE = 'HS004';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tree_grows BEFORE UPDATE ON holdshort.tree FOR EACH ROW EXECUTE FUNCTION holdshort.grows();
CREATE TRIGGER tree_stays BEFORE DELETE OR TRUNCATE ON holdshort.tree
FOR EACH STATEMENT EXECUTE FUNCTION holdshort.refuse();
`;

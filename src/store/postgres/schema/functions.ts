import { LONGEST_ENTRY, LONGEST_STATEMENT, MOST_RECIPIENTS } from '../../../kernel/longest.ts';
import { isTerminal, TICKET_STATES } from '../../../kernel/ticket.ts';
import { iso, readable } from './expressions.ts';

const OVER = TICKET_STATES.filter(isTerminal)
  .map((state) => `'${state}'`)
  .join(', ');

/** How far the clock may be behind the newest entry, as `continueLog` has it. */
const CLOCK_TOLERANCE_MS = 2000;
/** How long who has the log's lock waits for another one. */
const UNDER_LOCK_MS = 2_000;
/** For how long a writer can ask whether its commit came through. */
const REMEMBERED_MS = 86_400_000;

const definer = 'SECURITY DEFINER SET search_path = pg_catalog, pg_temp';

/** The last columns beside an entry, of what it says: `statement_seq`, `read_session`, `breaks_glass`. */
export const FOUND_BY = `(said -> 'detail' ->> 'statement_seq')::bigint,
          CASE WHEN said ->> 'type' = 'call.completed' AND said ->> 'tool' NOT LIKE 'ticket\\_%' AND NOT said ? 'ticket'
            THEN said ->> 'session' END,
          said ->> 'type' = 'decision.recorded' AND coalesce(holdshort.parsed(said -> 'detail' ->> 'statement') -> 'break_glass' = 'true', false)`;

/**
 * All that the roles may do to the log and the tickets. Each runs as the owner, for the login that calls it
 * (`session_user`, which no SQL of theirs changes).
 * @param clock an expression: milliseconds since 1970. For tests; the database's own otherwise
 */
export const functions = (clock: string) => `
CREATE FUNCTION holdshort.moment() RETURNS bigint LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ${clock}
$$;

-- The lock that all writers of the log take, and where the log ends. Its holder is the only one to write until it commits.
-- 'op' is noted with where it began to write: whether it is there afterwards says whether all of this was committed.
CREATE FUNCTION holdshort.lock_log(op uuid)
RETURNS TABLE (log_id text, size bigint, frontier bytea, statements bigint, news bigint, newest bigint, clock bigint)
LANGUAGE plpgsql ${definer} AS $$
DECLARE
  -- One value: a function that tells another time each time would be asked for every row that is remembered.
  began bigint := holdshort.moment();
BEGIN
  -- One in sixteen, before it waits, takes away what more than as many have noted.
  IF op IS NOT NULL AND began % 16 = 0 THEN
    DELETE FROM holdshort.operation o WHERE o.id IN (SELECT old.id FROM holdshort.operation old
      WHERE old.at < began - ${REMEMBERED_MS} ORDER BY old.at LIMIT 32 FOR UPDATE SKIP LOCKED);
  END IF;
  SELECT t.log_id, t.size, t.frontier, t.statements, t.news, t.newest
    INTO log_id, size, frontier, statements, news, newest FROM holdshort.tree t FOR UPDATE;
  -- All others wait for who has this; a row that some login keeps locked isn't waited for as long.
  PERFORM set_config('lock_timeout', '${UNDER_LOCK_MS}', true);
  clock := holdshort.moment();
  IF op IS NOT NULL THEN INSERT INTO holdshort.operation (id, at, size) VALUES (op, clock, size); END IF;
  RETURN NEXT;
END $$;

-- How many entries there were before what was committed under this number; NULL where nothing was. Waits for one that
-- is still under way, and keeps one that wasn't committed from ever being, however often it is asked.
CREATE FUNCTION holdshort.was_committed(op uuid) RETURNS bigint LANGUAGE plpgsql ${definer} AS $$
BEGIN
  INSERT INTO holdshort.operation (id, at) VALUES (op, holdshort.moment()) ON CONFLICT (id) DO NOTHING;
  RETURN (SELECT o.size FROM holdshort.operation o WHERE o.id = op);
END $$;

-- Wakes those who wait. Any login may fill the queue, and a full one would undo the commit: then they find it at their
-- next look.
CREATE FUNCTION holdshort.tell() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF pg_notification_queue_usage() < 0.5 THEN PERFORM pg_notify('holdshort_news', ''); END IF;
END $$;

-- Writes a ticket's row, where it is still as it was read.
CREATE FUNCTION holdshort.write_ticket(told jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before jsonb := told -> 'before';
  after jsonb := told -> 'after';
  over boolean;
BEGIN
  IF before IS NULL THEN
    INSERT INTO holdshort.ticket (id, state, draft, plan, digest, call, entries)
      VALUES (told ->> 'id', after ->> 'state', after ->> 'draft', after ->> 'plan', after ->> 'digest',
        told ->> 'call', (after ->> 'entries')::bigint);
    RETURN;
  END IF;
  -- A claim may be renewed at any moment: it is only touched where this ends it, or keeps it for longer.
  IF told ? 'kept_until' AND NOT pg_has_role(session_user, 'holdshort_executor', 'MEMBER') THEN
    RAISE EXCEPTION 'ticket: % keeps no claims', session_user USING ERRCODE = 'HS005';
  END IF;
  IF told ? 'call' AND NOT pg_has_role(session_user, 'holdshort_agent', 'MEMBER') THEN
    RAISE EXCEPTION 'ticket: % plans nothing', session_user USING ERRCODE = 'HS005';
  END IF;
  over := after ->> 'state' IN (${OVER});
  IF told ? 'call' THEN
    UPDATE holdshort.ticket t SET draft = after ->> 'draft', plan = after ->> 'plan', digest = after ->> 'digest',
        call = told ->> 'call', state = after ->> 'state', entries = (after ->> 'entries')::bigint
      WHERE t.id = told ->> 'id' AND t.state = before ->> 'state' AND t.entries = (before ->> 'entries')::bigint
        AND t.claim_epoch = (before ->> 'epoch')::bigint;
  ELSE
    UPDATE holdshort.ticket t SET state = after ->> 'state', entries = (after ->> 'entries')::bigint,
        claim_owner = CASE WHEN over THEN NULL ELSE t.claim_owner END,
        claim_until = CASE WHEN over THEN NULL
          WHEN told ? 'kept_until' THEN greatest(t.claim_until, (told ->> 'kept_until')::bigint) ELSE t.claim_until END
      WHERE t.id = told ->> 'id' AND t.state = before ->> 'state' AND t.entries = (before ->> 'entries')::bigint
        AND t.claim_epoch = (before ->> 'epoch')::bigint;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'ticket % changed meanwhile', told ->> 'id' USING ERRCODE = 'HS003';
  END IF;
  IF (told ->> 'used_up')::boolean AND after ->> 'state' IN ('succeeded', 'resolved') THEN
    DELETE FROM holdshort.residue r WHERE r.ticket = told ->> 'id';
  END IF;
END $$;

-- What an entry says, where it is one that this login may write here; refused otherwise.
-- 'moves' is the state that its ticket is moved from, empty where it is moved nowhere; 'about' the numbered ticket.
CREATE FUNCTION holdshort.admit(rest text, moves text, about text, ticket_seq bigint, statement_seq bigint)
RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  entry text := '{' || rest;
  said jsonb;
  rule holdshort.admitted;
BEGIN
  IF octet_length(rest) > ${LONGEST_ENTRY} THEN
    RAISE EXCEPTION 'entry: longer than entries are' USING ERRCODE = 'HS006';
  END IF;
  -- It is hashed as it is, and read by everyone: in one way only.
  IF NOT holdshort.canonical(entry) THEN
    RAISE EXCEPTION 'entry: not as entries are written' USING ERRCODE = 'HS006';
  END IF;
  said := ${readable('entry')};
  IF said - '{type,actor,session,ticket,tool,environment,outcome,detail}'::text[] <> '{}'
    OR NOT said ?& '{type,actor,detail}'::text[] OR jsonb_typeof(said -> 'detail') IS DISTINCT FROM 'object'
    OR EXISTS (SELECT FROM jsonb_each(said - 'detail') AS m WHERE jsonb_typeof(m.value) <> 'string') THEN
    RAISE EXCEPTION 'entry: not as entries are written' USING ERRCODE = 'HS006';
  END IF;
  SELECT a.* INTO rule FROM holdshort.admitted a
    WHERE a.type = said ->> 'type' AND a.moves = admit.moves AND said ->> 'actor' ~ a.actor
      AND pg_has_role(session_user, 'holdshort_' || a.role, 'MEMBER') LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'entry: % may not write %', session_user, said ->> 'type' USING ERRCODE = 'HS005';
  END IF;
  IF (said -> 'detail' -> 'ticket_seq') IS DISTINCT FROM (CASE rule.numbered WHEN 'ticket' THEN to_jsonb(ticket_seq) END)
    OR (said -> 'detail' -> 'statement_seq') IS DISTINCT FROM (CASE rule.numbered WHEN 'statement' THEN to_jsonb(statement_seq) END)
    OR (rule.numbered = 'ticket') IS DISTINCT FROM (about IS NOT NULL)
    OR (about IS NOT NULL AND said ->> 'ticket' IS DISTINCT FROM about) THEN
    RAISE EXCEPTION 'entry: % is numbered otherwise', said ->> 'type' USING ERRCODE = 'HS005';
  END IF;
  -- Gates read it again and again.
  IF said -> 'detail' ? 'statement' AND octet_length(rest) > ${LONGEST_STATEMENT} THEN
    RAISE EXCEPTION 'entry: longer than what is signed' USING ERRCODE = 'HS006';
  END IF;
  -- A ticket is its own agent's to move: whose it is must not depend on where one looks.
  IF about IS NOT NULL AND said ->> 'actor' LIKE 'agent:%' AND said ->> 'actor' IS DISTINCT FROM
      'agent:' || (SELECT t.agent FROM holdshort.ticket t WHERE t.id = about) THEN
    RAISE EXCEPTION 'entry: % is another agent''s', about USING ERRCODE = 'HS005';
  END IF;
  -- Gates look for it ever after: one that holds no statement would stop them all.
  IF (rule.numbered = 'statement' OR rule.type = 'decision.recorded')
    AND (jsonb_typeof(said -> 'detail' -> 'statement') IS DISTINCT FROM 'string'
      OR jsonb_typeof(said -> 'detail' -> 'signature') IS DISTINCT FROM 'string'
      OR jsonb_typeof(holdshort.parsed(said -> 'detail' ->> 'statement')) IS DISTINCT FROM 'object') THEN
    RAISE EXCEPTION 'entry: % holds no statement', said ->> 'type' USING ERRCODE = 'HS005';
  END IF;
  RETURN said;
END $$;

-- Everything that follows from one command, or nothing. 'steps': tickets to write, each with its entries, and entries
-- of no ticket. The place of each entry, its time and its hash are found here, after the lock.
CREATE FUNCTION holdshort.write_steps(purpose text, steps jsonb) RETURNS TABLE (seq bigint, text text, leaf bytea)
LANGUAGE plpgsql ${definer} AS $$
DECLARE
  log holdshort.tree;
  now_ms bigint;
  at text;
  step jsonb;
  told jsonb;
  entries jsonb;
  item jsonb;
  said jsonb;
  told_to text;
  numbered bigint;
  moves text;
  moving boolean;
  movers integer;
  urgent boolean;
  fresh bigint := 0;
  rest bigint;
  carried bytea;
BEGIN
  SELECT * INTO STRICT log FROM holdshort.tree FOR UPDATE;
  IF log.size <> (SELECT coalesce(max(e.seq), 0) FROM holdshort.entry e) THEN
    RAISE EXCEPTION 'the log does not end where its tree ends' USING ERRCODE = 'HS001';
  END IF;
  now_ms := holdshort.moment();
  IF now_ms < log.newest - ${CLOCK_TOLERANCE_MS} AND purpose IS DISTINCT FROM 'stops' THEN
    RAISE EXCEPTION 'the clock went back' USING ERRCODE = 'HS002';
  END IF;
  now_ms := greatest(now_ms, log.newest);
  at := ${iso('now_ms')};
  FOR nth_step IN 0 .. jsonb_array_length(steps) - 1 LOOP
    step := steps -> nth_step;
    told := step -> 'told';
    urgent := false;
    numbered := coalesce((told -> 'before' ->> 'entries')::bigint, 0);
    moving := coalesce(told -> 'before' ->> 'state', 'new') IS DISTINCT FROM told -> 'after' ->> 'state' AND told IS NOT NULL;
    movers := 0;
    IF told IS NOT NULL THEN PERFORM holdshort.write_ticket(told); END IF;
    entries := step -> 'entries';
    FOR nth_entry IN 0 .. coalesce(jsonb_array_length(entries), 0) - 1 LOOP
      item := entries -> nth_entry;
      moves := coalesce(item ->> 'moves', '');
      numbered := numbered + 1;
      said := holdshort.admit(item ->> 'rest', moves, told ->> 'id', numbered, log.statements + 1);
      -- The row's state goes on by one entry that says so, and by nothing else: another would be said of no row.
      IF moves <> '' THEN
        movers := movers + 1;
        IF NOT moving OR movers > 1 OR moves <> coalesce(told -> 'before' ->> 'state', 'new')
          OR said ->> 'type' IS DISTINCT FROM 'ticket.' || (told -> 'after' ->> 'state') THEN
          RAISE EXCEPTION 'entry: nothing moved' USING ERRCODE = 'HS005';
        END IF;
      END IF;
      log.size := log.size + 1;
      seq := log.size;
      text := '{"seq":' || seq || ',"at":"' || at || '",' || (item ->> 'rest');
      leaf := sha256('\\x00'::bytea || convert_to(text, 'UTF8'));
      INSERT INTO holdshort.entry (seq, text, leaf, at, type, ticket, ticket_seq, statement_seq, read_session, breaks_glass)
        VALUES (seq, text, leaf, at, said ->> 'type', said ->> 'ticket', CASE WHEN told IS NOT NULL THEN numbered END,
          ${FOUND_BY});
      IF told IS NOT NULL OR said -> 'detail' ? 'statement_seq' THEN fresh := fresh + 1; END IF;
      IF said -> 'detail' ? 'statement_seq' THEN log.statements := log.statements + 1; END IF;
      -- RFC 6962, section 2.1: one peak for each bit that is set in the size.
      carried := leaf;
      rest := seq - 1;
      WHILE rest % 2 = 1 LOOP
        carried := sha256('\\x01'::bytea || substr(log.frontier, length(log.frontier) - 31) || carried);
        log.frontier := substr(log.frontier, 1, length(log.frontier) - 32);
        rest := rest / 2;
      END LOOP;
      log.frontier := log.frontier || carried;
      urgent := urgent OR said ->> 'type' = 'decision.recorded' AND (SELECT e.breaks_glass FROM holdshort.entry e WHERE e.seq = log.size);
      -- People hear of a ticket's steps and of statements; of another entry, or by the thousand, an attacker tells them.
      IF jsonb_array_length(coalesce(item -> 'recipients', '[]')) > (CASE WHEN moves <> '' OR said -> 'detail' ? 'statement_seq'
        THEN ${MOST_RECIPIENTS} ELSE 0 END) THEN
        RAISE EXCEPTION 'entry: nobody is told of it' USING ERRCODE = 'HS005';
      END IF;
      FOR nth_recipient IN 0 .. jsonb_array_length(coalesce(item -> 'recipients', '[]')) - 1 LOOP
        told_to := item -> 'recipients' ->> nth_recipient;
        INSERT INTO holdshort.notice (id, recipient, ticket, seq, urgent, created_at, due_at)
          VALUES ('msg_' || left(encode(sha256(convert_to(log.log_id || '/' || seq || '/' || told_to, 'UTF8')), 'hex'), 32),
            told_to, said ->> 'ticket', seq, urgent OR said -> 'detail' ? 'statement_seq', now_ms, now_ms)
          ON CONFLICT DO NOTHING;
      END LOOP;
      RETURN NEXT;
    END LOOP;
    IF moving AND movers <> 1 THEN
      RAISE EXCEPTION 'ticket: no entry says so' USING ERRCODE = 'HS005';
    END IF;
    IF told IS NOT NULL AND (numbered <= coalesce((told -> 'before' ->> 'entries')::bigint, 0) OR numbered <> (told -> 'after' ->> 'entries')::bigint) THEN
      RAISE EXCEPTION 'ticket: its entries are counted otherwise' USING ERRCODE = 'HS005';
    END IF;
  END LOOP;
  UPDATE holdshort.tree t SET size = log.size, frontier = log.frontier, statements = log.statements,
    news = t.news + fresh, newest = now_ms WHERE log.size > t.size;
  IF fresh > 0 THEN PERFORM holdshort.tell(); END IF;
END $$;

-- Sent, or given up: false where it isn't there, or another has it and isn't waited for.
-- No role deletes rows by itself: who may, may lock the table, and so keep people from halting and denying, of which
-- others are told, while what nobody is told of goes on.
CREATE FUNCTION holdshort.remove_notice(of_id text, waits boolean) RETURNS boolean LANGUAGE plpgsql ${definer} AS $$
BEGIN
  IF NOT waits THEN
    PERFORM 1 FROM holdshort.notice n WHERE n.id = of_id FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN false; END IF;
  END IF;
  DELETE FROM holdshort.notice n WHERE n.id = of_id;
  RETURN FOUND;
END $$;

CREATE FUNCTION holdshort.remove_residue(of_ticket text, of_residue text) RETURNS void LANGUAGE plpgsql ${definer} AS $$
BEGIN
  DELETE FROM holdshort.residue r WHERE r.ticket = of_ticket AND r.residue = of_residue;
END $$;

-- The ticket won't come to be: what planning left may be removed.
CREATE FUNCTION holdshort.abandon(of_ticket text, of_agent text) RETURNS void LANGUAGE plpgsql ${definer} AS $$
BEGIN
  PERFORM 1 FROM holdshort.tree FOR UPDATE;
  -- A ticket that is there tells by its state.
  UPDATE holdshort.residue r SET abandoned = true WHERE r.ticket = of_ticket AND r.agent = of_agent AND NOT r.abandoned
    AND NOT EXISTS (SELECT FROM holdshort.ticket t WHERE t.id = of_ticket);
  IF FOUND THEN
    UPDATE holdshort.tree SET news = news + 1;
    PERFORM holdshort.tell();
  END IF;
END $$;
`;

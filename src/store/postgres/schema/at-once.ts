import { CLOCK_TOLERANCE_MS } from './functions.ts';

/**
 * What follows from a command, in one journey, and a transaction by itself: the lock, a look and the writing. It
 * decides nothing: where there may be something to decide, it is undone (HS007), and told in the longer way. That is
 * where more is known than it was weighed by (`seen`; NULL: nothing was weighed), where a ticket of this id or of this
 * call is there already, whosever, and where the clock went back. Not `SECURITY DEFINER`: it may what its caller may.
 */
export const AT_ONCE = `
CREATE FUNCTION holdshort.write_at_once(op uuid, seen bigint, steps jsonb) RETURNS TABLE (seq bigint, text text, leaf bytea)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log record;
  told jsonb := steps -> 0 -> 'told';
BEGIN
  SELECT * INTO log FROM holdshort.lock_log(op);
  IF log.news > seen OR log.clock < log.newest - ${CLOCK_TOLERANCE_MS}
    OR EXISTS (SELECT FROM holdshort.ticket t WHERE t.id = told ->> 'id')
    OR EXISTS (SELECT FROM holdshort.ticket t WHERE t.state IN ('pending', 'approved') AND t.call = told ->> 'call') THEN
    RAISE EXCEPTION 'something is to be decided first' USING ERRCODE = 'HS007';
  END IF;
  RETURN QUERY SELECT * FROM holdshort.write_steps('opens', steps);
END $$;
`;

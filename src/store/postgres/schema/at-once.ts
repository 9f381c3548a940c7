/** Other hosts wait for the lock: after so long the rest waits too, for the next transaction. */
export const LONGEST_UNDER_LOCK_MS = 500;

/**
 * What follows from commands, in one journey, and a transaction by itself: the lock, a look at each and the writing.
 * 'wanted': steps as `write_steps` takes them, each with how many news there were when it was weighed (`seen`; none:
 * it wasn't). It decides nothing: where there may be something to decide, that one is left out, to be told in the
 * longer way. That is where more is known than it was weighed by, and where a ticket of this id or of this call is
 * there already, whosever. Where all are left out, nothing was committed (HS007).
 * Not `SECURITY DEFINER`: it may what its caller may.
 */
export const AT_ONCE = `
CREATE FUNCTION holdshort.write_at_once(op uuid, wanted jsonb) RETURNS TABLE (nth integer, seq bigint, text text, leaf bytea)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  began bigint;
  step jsonb;
  told jsonb;
  written boolean := false;
BEGIN
  SELECT l.clock INTO began FROM holdshort.lock_log(op) l;
  FOR place IN 0 .. jsonb_array_length(wanted) - 1 LOOP
    EXIT WHEN holdshort.moment() > began + ${LONGEST_UNDER_LOCK_MS};
    step := wanted -> place -> 'step';
    told := step -> 'told';
    CONTINUE WHEN (SELECT t.news FROM holdshort.tree t) > (wanted -> place ->> 'seen')::bigint
      OR EXISTS (SELECT FROM holdshort.ticket t WHERE t.id = told ->> 'id')
      OR EXISTS (SELECT FROM holdshort.ticket t WHERE t.state IN ('pending', 'approved') AND t.call = told ->> 'call');
    RETURN QUERY SELECT place, w.seq, w.text, w.leaf FROM holdshort.write_steps('opens', jsonb_build_array(step)) w;
    written := true;
  END LOOP;
  IF NOT written THEN RAISE EXCEPTION 'something is to be decided first' USING ERRCODE = 'HS007'; END IF;
END $$;
`;

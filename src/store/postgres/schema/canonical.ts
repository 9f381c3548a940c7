import { LONGEST_ENTRY } from '../../../kernel/longest.ts';

/** As `parseStored` has it. */
const DEEPEST = 200;

/** A string as `asciiJson` writes it: a character has one way to be written, and it is the shortest. */
const STRING =
  '"(?:[^"\\\\]|\\\\["\\\\bfnrt]|\\\\u(?:00(?:0[0-7be-f]|1[0-9a-f]|7f|[89a-f][0-9a-f])|(?:0[1-9a-f]|[1-9a-f][0-9a-f])[0-9a-f][0-9a-f]))*"';
const WHOLE = '^(?:0|-?[1-9][0-9]{0,14})$';
const PLAIN = '^-?(?:0|[1-9][0-9]{0,20})(?:\\.[0-9]*[1-9])?$';
const POWER =
  '^-?[1-9](?:\\.[0-9]*[1-9])?e(?:\\+(?:2[1-9]|[3-9][0-9]|[12][0-9]{2}|30[0-8])|-(?:[7-9]|[1-9][0-9]|[12][0-9]{2}))$';
/** Members that JavaScript moves to the front of an object, in the order of their numbers. */
const INDEX = '^(?:0|[1-9][0-9]{0,9})$';
const LAST_INDEX = 4_294_967_294;

/** Whole numbers as JavaScript writes them, each by itself; in what is left of a text without its strings. */
const SOME_WHOLE = '(?<![-+.0-9a-z])(?:0|-?[1-9][0-9]{0,14})(?![-+.0-9a-z])';

/**
 * Whether a text is the only one that is written for what it says: the adversary has a login, and an entry that a gate
 * can't read stops every host for ever. It says yes to nothing that `entryOf` (src/audit/remembered.ts) doesn't read.
 */
export const CANONICAL = `
-- A number as JavaScript writes it: the fewest digits that give it back. Up to 15 always do; PostgreSQL finds the same
-- beyond that, but for whole numbers that are no longer exact, which are refused, as is what is below 1e-299. (A login
-- may set 'extra_float_digits': with fewer of them, less is admitted.)
CREATE FUNCTION holdshort.canonical_number(given text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  digits integer;
BEGIN
  IF given ~ '${WHOLE}' THEN RETURN true; END IF;
  IF given = '-0' OR given ~ '^-?0[.]000000' OR NOT (given ~ '${PLAIN}' OR given ~ '${POWER}') THEN RETURN false; END IF;
  digits := length(rtrim(ltrim(translate(split_part(given, 'e', 1), '-.', ''), '0'), CASE WHEN given ~ '[.e]' THEN '' ELSE '0' END));
  IF digits > 17 OR (digits > 15 AND abs(given::numeric) >= 9007199254740992) THEN RETURN false; END IF;
  RETURN (digits <= 15 AND given !~ 'e[+]30') OR given::float8::text::numeric = given::numeric;
END $$;

CREATE FUNCTION holdshort.canonical(given text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  bare text;
  plain json;
BEGIN
  IF octet_length(given) > ${LONGEST_ENTRY + 1} OR given COLLATE "C" ~ '[^ -~]' THEN RETURN false; END IF;
  -- Most have no escape, whole numbers only, and no name that is a number. Of those nothing is left to be told but that
  -- it is JSON, and whether two members have one name: jsonb keeps one of them, and a colon less.
  IF strpos(given, '\\') = 0 AND given COLLATE "C" !~ '"[0-9]+":' THEN
    bare := regexp_replace(given, '"[^"]*"', 's', 'g');
    IF bare COLLATE "C" !~ '[^][{}:,a-z0-9-]' AND regexp_replace(bare COLLATE "C", '${SOME_WHOLE}', '', 'g') COLLATE "C" !~ '[0-9-]'
      AND length(bare) - length(translate(bare, '[{', '')) <= ${DEEPEST}
      AND length(bare) - length(replace(bare, ':', '')) = (SELECT length(kept) - length(replace(kept, ':', ''))
        FROM regexp_replace(given::jsonb::text, '"[^"]*"', 's', 'g') AS kept) THEN
      RETURN true;
    END IF;
  END IF;
  bare := regexp_replace(given, '${STRING}', 's', 'g');
  IF bare COLLATE "C" ~ '[^][{}:,a-z0-9.+-]' THEN RETURN false; END IF;
  IF ${DEEPEST} < (SELECT max(depth) FROM (SELECT sum(CASE WHEN one IN ('[', '{') THEN 1 ELSE -1 END) OVER (ORDER BY place) AS depth
    FROM regexp_split_to_table(regexp_replace(bare, '[^][{}]', '', 'g'), '') WITH ORDINALITY AS all_of(one, place)) AS depths) THEN
    RETURN false;
  END IF;
  -- Without escapes, each of which becomes something that stands in no such text: jsonb takes not all of them.
  plain := replace(replace(replace(given, '\\\\', chr(127) || 'b'), '\\"', chr(127) || 'q'), '\\', chr(127) || 'e')::json;
  IF EXISTS (SELECT FROM regexp_matches(bare, '-?[0-9][-+.0-9e]*', 'g') AS found(number)
    WHERE NOT holdshort.canonical_number(number[1])) THEN RETURN false; END IF;
  -- Names with a backslash or a quote are refused: JSON.parse (V8, Node 24) takes "\\"" for "\\\\" where it read that before.
  RETURN NOT EXISTS (
    WITH RECURSIVE part(value) AS (
      SELECT plain
      UNION ALL
      SELECT inner_one.value FROM part CROSS JOIN LATERAL (
        SELECT o.value FROM json_each(CASE json_typeof(part.value) WHEN 'object' THEN part.value ELSE '{}' END) AS o
        UNION ALL
        SELECT a.value FROM json_array_elements(CASE json_typeof(part.value) WHEN 'array' THEN part.value ELSE '[]' END) AS a
      ) AS inner_one WHERE json_typeof(inner_one.value) IN ('object', 'array')
    )
    SELECT FROM part CROSS JOIN LATERAL (
      SELECT count(*) AS members, count(DISTINCT name COLLATE "C") AS names,
        bool_or(name ~ '\\x7f([bq]|e[^u])') AS misread,
        array_agg(index ORDER BY place) FILTER (WHERE index IS NOT NULL) AS written,
        array_agg(index ORDER BY index) FILTER (WHERE index IS NOT NULL) AS ordered,
        max(place) FILTER (WHERE index IS NOT NULL) AS last
      FROM (SELECT name, place, CASE WHEN name ~ '${INDEX}' AND name::bigint <= ${LAST_INDEX} THEN name::bigint END AS index
        FROM json_object_keys(CASE json_typeof(part.value) WHEN 'object' THEN part.value ELSE '{}' END)
          WITH ORDINALITY AS k(name, place)) AS keys
    ) AS seen
    WHERE members <> names OR misread OR written IS DISTINCT FROM ordered OR last > cardinality(written));
EXCEPTION WHEN data_exception OR invalid_text_representation OR program_limit_exceeded THEN RETURN false;
END $$;
`;

/* Written out where they are worked out for each ticket or entry: a call costs more than most of them. */

/** Milliseconds since 1970, as texts have them. */
export const iso = (ms: string) =>
  `to_char(to_timestamp((${ms}) / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') || '.' || lpad(((${ms}) % 1000)::text, 3, '0') || 'Z'`;
/** What they match. */
export const MOMENT = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{3}Z$';

/** A text as jsonb, as the function of this name gives it. */
export const readable = (text: string) =>
  `(CASE WHEN strpos(${text}, '\\u') = 0 THEN ${text} ELSE holdshort.legible(${text}) END)::jsonb`;
/** The same arguments give the same, in whatever order their members are written. */
export const askedFor = (tool: string, args: string) => `sha256(convert_to(${tool} || ' ' || (${args})::text, 'UTF8'))`;

/**
 * Where the tickets and the log were moved to. From the moment there is such a row nothing more is written here, by a
 * process of an older version either: what that began would be begun over there once more.
 */
export const migration0007 = `
CREATE TABLE moved (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  place TEXT NOT NULL,
  server TEXT NOT NULL,
  at INTEGER NOT NULL,
  whole INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER entry_moved BEFORE INSERT ON entry WHEN EXISTS (SELECT 1 FROM moved)
BEGIN SELECT RAISE(ABORT, 'entry: the log was moved'); END;
CREATE TRIGGER ticket_moved BEFORE UPDATE ON ticket WHEN EXISTS (SELECT 1 FROM moved)
BEGIN SELECT RAISE(ABORT, 'ticket: it was moved'); END;
CREATE TRIGGER notice_moved BEFORE UPDATE ON notice WHEN EXISTS (SELECT 1 FROM moved)
BEGIN SELECT RAISE(ABORT, 'notice: it was moved'); END;
`;

import { ADMITTED, ROLES, type Role, roleName } from '../roles.ts';

const all = ROLES.map(roleName).join(', ');
const named = (...roles: readonly Role[]) => roles.map(roleName).join(', ');
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

const rules = ADMITTED.map(
  ({ role, type, moves, numbered, actor }) => `(${[role, type, moves, numbered, actor].map(literal).join(', ')})`,
);

/**
 * Nobody but the owner writes the log, the tree or a ticket's state: those who may have it done call a function that
 * looks at what it is given. Claims and the outbox are in no log, and are written by those whose they are: column by
 * column, since a right to a whole table is one to lock it.
 */
export const GRANTS = `
INSERT INTO holdshort.admitted (role, type, moves, numbered, actor) VALUES
  ${rules.join(',\n  ')};

REVOKE ALL ON SCHEMA holdshort FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA holdshort FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA holdshort FROM PUBLIC;

GRANT USAGE ON SCHEMA holdshort TO ${all};
GRANT SELECT ON holdshort.version, holdshort.tree, holdshort.entry, holdshort.ticket, holdshort.admitted,
  holdshort.audit_events, holdshort.ticket_decision, holdshort.ticket_overview TO ${all};
GRANT EXECUTE ON FUNCTION holdshort.moment(), holdshort.legible(text), holdshort.readable(text),
  holdshort.parsed(text),
  holdshort.asked_for(text, jsonb) TO ${all};
GRANT EXECUTE ON FUNCTION holdshort.lock_log(uuid), holdshort.was_committed(uuid), holdshort.write_steps(text, jsonb),
  holdshort.write_at_once(uuid, jsonb)
  TO ${named('agent', 'approver', 'executor', 'notifier')};

GRANT EXECUTE ON FUNCTION holdshort.abandon(text, text) TO ${named('agent')};
GRANT INSERT (ticket, residue, tool, agent, announced_at) ON holdshort.residue TO ${named('agent')};

GRANT UPDATE (claim_owner, claim_epoch, claim_until, progress) ON holdshort.ticket TO ${named('executor')};
GRANT SELECT, UPDATE (claim_owner, claim_until) ON holdshort.residue TO ${named('executor')};
GRANT EXECUTE ON FUNCTION holdshort.remove_residue(text, text) TO ${named('executor')};

GRANT SELECT, UPDATE (due_at, tries, claim_until) ON holdshort.notice TO ${named('notifier')};
GRANT EXECUTE ON FUNCTION holdshort.remove_notice(text, boolean) TO ${named('notifier')};
`;

/**
 * Whose tickets are is told by agent and operator: on a hub one agent's name stands for the agents of many people.
 */
export const migration0006 = `
ALTER TABLE ticket ADD COLUMN operator ANY AS (CASE WHEN json_valid(draft) THEN draft ->> '$.operator' END) VIRTUAL;
DROP INDEX ticket_agent;
DROP INDEX ticket_agent_state;
DROP INDEX ticket_asked;
CREATE INDEX ticket_agent ON ticket (agent, operator);
CREATE INDEX ticket_agent_state ON ticket (agent, operator, state);
CREATE INDEX ticket_asked ON ticket (agent, operator, created_at, worst, environment);
`;

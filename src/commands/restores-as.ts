/** The agent's name under which a person's restores stand in policy and log; no agent has it. */
export const RESTORES_AS = 'restore';

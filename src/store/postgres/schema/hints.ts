import { askedFor } from './expressions.ts';

/**
 * The columns beside a ticket's texts, and what of these each has: put in by a trigger, and compared by `audit verify`.
 */
export const HINTS: Readonly<Record<string, string>> = {
  agent: "draft ->> 'agent'",
  operator: "draft ->> 'operator'",
  created_at: "draft ->> 'created_at'",
  expires_at: "draft ->> 'expires_at'",
  tool: "draft ->> 'tool'",
  environment: "plan ->> 'environment'",
  account: "plan ->> 'account'",
  region: "draft ->> 'region'",
  worst: "plan -> 'effects' ->> 0",
  kind: "plan -> 'lifecycle' ->> 'kind'",
  deletes: "CASE WHEN plan -> 'lifecycle' ->> 'event' = 'delete' THEN plan -> 'lifecycle' ->> 'name' END",
  restores: "plan -> 'restores' ->> 'ticket'",
  asked_for: askedFor("plan ->> 'tool'", "plan -> 'arguments'"),
};

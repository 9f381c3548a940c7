import { z } from 'zod';
import { ENVIRONMENTS, type Environment } from './environment.ts';
import { matchesPattern } from './pattern.ts';

/**
 * One rule of `agents:` in the configuration: what the agents of a name may ask for. In names and tools `*` stands for
 * any run of characters; a list that is left out means all.
 */
export const AgentRule = z.strictObject({
  name: z.string().regex(/^[a-z0-9._@*-]+$/, 'must be an agent\'s name in lower case, or a pattern like "deploy-*"'),
  tools: z
    .array(z.string().regex(/^[a-z0-9_*]+$/, 'must be the name of a tool, or a pattern like "ec2_*"'))
    .min(1, 'must name at least one tool; leave it out for all')
    .optional(),
  environments: z
    .array(z.enum(ENVIRONMENTS))
    .min(1, 'must name at least one environment; leave it out for all')
    .optional(),
});

export type AgentRule = z.infer<typeof AgentRule>;

/** Whether an agent's allow-list has the tool and the environment. */
export interface Allowed {
  readonly tool: boolean;
  readonly environment: boolean;
}

/**
 * The first rule that matches the agent's name decides. Where there are rules and none matches, nothing is allowed: a
 * new agent, or a misspelt one, mustn't be the one that nobody thought of.
 * @param rules undefined where the configuration has no `agents`: then everyone is allowed everything
 */
export function allowedBy(
  rules: readonly AgentRule[] | undefined,
  call: {
    readonly agent: string;
    readonly tool: string;
    /** The tools that send its requests by themselves, where it takes several: the list must have all of them. */
    readonly also?: readonly string[];
    readonly environment: Environment;
  },
): Allowed {
  if (!rules) return { tool: true, environment: true };
  const rule = rules.find(({ name }) => matchesPattern(name, call.agent));
  if (!rule) return { tool: false, environment: false };
  return {
    tool: [call.tool, ...(call.also ?? [])].every(
      (tool) => rule.tools?.some((pattern) => matchesPattern(pattern, tool)) ?? true,
    ),
    environment: rule.environments?.includes(call.environment) ?? true,
  };
}

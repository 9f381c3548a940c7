import type { Refusal } from '../kernel/errors.ts';
import { leastTally, REQUIREMENTS } from '../kernel/requirement.ts';
import { actionOf } from '../kernel/tool-name.ts';
import type { DecidingPolicy, Explanation, PolicyEngine, PolicyQuestion } from './engine.ts';
import { ORDINARY } from './question.ts';

/** What one kind of circumstance has to say when it is the reason: the fact, and how to go on. */
interface Cause {
  readonly fact: string;
  readonly recovery: string;
  /** The same question without that circumstance. */
  readonly otherwise: Partial<PolicyQuestion>;
}

/**
 * Why policy permits something to nobody, for the agent and for people: the rules that forbid it, and exactly those
 * circumstances of the call without which they wouldn't.
 */
export function refusalBy(policy: PolicyEngine, question: PolicyQuestion): Refusal {
  const { policies, problem } = atBest(policy, question);
  const forbids = policies.filter(({ effect }) => effect === 'forbid');
  const causes = causesOf(question).filter(({ otherwise }) => {
    const still = new Set(atBest(policy, { ...question, ...otherwise }).policies.map(({ id }) => id));
    return forbids.some(({ id }) => !still.has(id));
  });
  const rules = forbids.map(ruleText).join('; ');
  const why = problem === undefined ? rules || 'no rule permits it' : `it could not be evaluated (${problem})`;
  const facts = causes.map(({ fact }) => `; ${fact}`).join('');
  const ways = [...new Set(causes.map(({ recovery }) => recovery))];
  return {
    code: 'policy_forbids',
    message: `policy permits ${actionsIn(question)} in ${question.environment} to nobody, whoever approves: ${why}${facts}`,
    recovery: ways.join('; ') || 'ask your operator; `holdshort policy explain` names the policy and its line',
  };
}

/** `ec2:ModifyInstanceAttribute with ec2:StopInstances and ec2:StartInstances` */
function actionsIn({ tool, also = [] }: PolicyQuestion): string {
  const others = also.filter((other) => other !== tool).map(actionOf);
  return [actionOf(tool), others.join(' and ')].filter((text) => text !== '').join(' with ');
}

/** Explained with as many approvals as there can be, so that what is in the way shows. */
export function atBest(policy: PolicyEngine, question: PolicyQuestion): Explanation {
  const most = REQUIREMENTS.at(-1);
  return most ? policy.explain(question, leastTally(most)) : { permitted: false, policies: [] };
}

function ruleText({ id, description }: DecidingPolicy): string {
  return description ? `${description} (rule "${id}")` : `rule "${id}"`;
}

/** A quota that nothing reaches, which Cedar can still count with. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

function causesOf(question: PolicyQuestion): Cause[] {
  const { agent, environment, tool, also, allowed, freeze, asked, quota, resources } = question;
  const { rehearsed, rehearsal_failed, snapshot_first } = question;
  const { destructive_last_hour, pending } = asked;
  const otherAgent = 'let an agent do it whose allow-list has it, or ask your operator';
  return [
    ...(freeze.active
      ? [
          {
            fact: `freeze ${freeze.names.join(', ')} until ${freeze.until_local}: ${freeze.reason}`,
            recovery: `ask again after ${freeze.until_local}; if it can't wait, ask your operator`,
            otherwise: { freeze: ORDINARY.freeze },
          },
        ]
      : []),
    ...(allowed.tool
      ? []
      : [
          {
            fact: `${also ? `${tool}, or one of its steps (${also.join(', ')}),` : tool} is not among the tools of agent ${agent}`,
            recovery: otherAgent,
            otherwise: { allowed: { ...allowed, tool: true } },
          },
        ]),
    ...(allowed.environment
      ? []
      : [
          {
            fact: `${environment} is not among the environments of agent ${agent}`,
            recovery: otherAgent,
            otherwise: { allowed: { ...allowed, environment: true } },
          },
        ]),
    ...(snapshot_first
      ? []
      : [
          {
            fact: 'it takes no snapshot of what it deletes right before',
            recovery: 'ask again with snapshot_first: true, where the tool takes it; otherwise ask your operator',
            otherwise: { snapshot_first: true },
          },
        ]),
    ...(rehearsed
      ? []
      : [
          {
            fact: 'it was not rehearsed',
            recovery: 'ask again with rehearse: true, where the tool takes it; otherwise ask your operator',
            otherwise: { rehearsed: true },
          },
        ]),
    ...(rehearsal_failed
      ? [
          {
            fact: 'it, or its way back, failed in its rehearsal',
            recovery:
              'see plan.rehearsal.failed and how it ended, change what you ask for, and ask again with rehearse: true',
            otherwise: { rehearsal_failed: false },
          },
        ]
      : []),
    {
      fact: `${resources} resources; at most ${quota.resources_per_plan} are allowed in one plan`,
      recovery: 'ask for less at a time',
      otherwise: { quota: { ...quota, resources_per_plan: UNLIMITED } },
    },
    {
      fact: `${pending} tickets of agent ${agent} wait already; at most ${quota.pending} may`,
      recovery:
        'wait until people have decided those, or withdraw what is no longer wanted (ticket_list, ticket_withdraw)',
      otherwise: { quota: { ...quota, pending: UNLIMITED } },
    },
    {
      fact: `agent ${agent} asked for ${destructive_last_hour} destructive changes within an hour; at most ${quota.destructive_per_hour} are allowed`,
      recovery: 'ask again in an hour; tell your user how much you are about to destroy',
      otherwise: { quota: { ...quota, destructive_per_hour: UNLIMITED } },
    },
  ];
}

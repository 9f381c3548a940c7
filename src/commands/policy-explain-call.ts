import { readFile } from 'node:fs/promises';
import type { Tool } from '../../tools/define.ts';
import { type Json, sha256 } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Impact } from '../kernel/plan.ts';
import { boundedText, safeText } from '../kernel/safe-text.ts';
import type { CommandResult } from '../present/command-result.ts';
import { plannedAsAsked } from '../server/snapshots-asked.ts';
import { readQuestion, weigh } from '../server/weighing.ts';
import { accountsOf, chosenOf } from './accounts.ts';
import { actionsOf, type Installation } from './installation.ts';
import { actionNamed } from './named-action.ts';
import { explained, NOBODY } from './policy-explain.ts';

type Arguments = Record<string, Json>;

/** Changes take one; it decides nothing. */
const REASON = 'explained by holdshort policy explain; not asked for';

/**
 * `policy explain TOOL --args FILE`: plans the call as the agent's server would, which only reads, and says what policy
 * makes of it now, with what the agent asked before. Opens no ticket.
 * @throws usage
 * @throws as planning refuses
 */
export async function policyExplainCall(
  installation: Installation,
  call: {
    readonly tool: string;
    readonly args: string;
    /** By id or name, of the accounts that are listed. */
    readonly account?: string | undefined;
    readonly agent?: string | undefined;
    readonly operator?: string | undefined;
    readonly at: string;
  },
): Promise<CommandResult> {
  const tools = await installation.tools();
  const { tool: name } = actionNamed(call.tool, actionsOf(tools));
  const tool = tools.find((known) => known.name === name);
  if (tool?.kind !== 'read' && tool?.kind !== 'change')
    throw new HoldshortError('internal', `${name} is gone`, 'report this');
  if (tool.kind === 'change' && tool.prepare)
    throw new HoldshortError(
      'usage',
      `planning ${name} makes a change set in AWS, which explaining must not`,
      'leave --args out and say what it would do: --effect EFFECT --environment NAME',
    );
  const input = await inputOf(tool, call.args);
  const aws = await chosenOf(accountsOf(installation), call.account);
  const region = typeof input.region === 'string' ? input.region : await aws.defaultRegion();
  const readers = await aws.readers(region);
  const place = { account: readers.caller.account, region };
  const { agent = NOBODY, operator = NOBODY } = call;
  const store = { ...installation.store.forAgent({ agent, operator, session: 'explain' }), now: async () => call.at };
  const weighing = { agent, operator, store, rules: installation.rules, policy: installation.policy };
  if (tool.kind === 'read')
    return explained(await installation.policy(), await readQuestion(weighing, tool, input, place));
  const recorded = tool.record(input, installation.hideSecret, readers);
  const { stored, planned: fresh } = await plannedAsAsked(weighing, tool, { stored: recorded, readers });
  const { policy, question, planned } = await weigh(weighing, tool, stored, fresh, place);
  const { summary, targets, impact } = planned;
  return explained(policy, question, {
    data: { summary, targets: [...targets], impact: [...impact] },
    text: [boundedText(summary, 300, sha256), ...impactLines(impact)].join('\n'),
  });
}

const MOST_LINES = 20;

function impactLines(impact: readonly Impact[]): readonly string[] {
  const lines = impact
    .slice(0, MOST_LINES)
    .map(({ effect, resource }) => `  ${effect} ${boundedText(resource, 200, sha256)}`);
  const left = impact.length - lines.length;
  return left > 0 ? [...lines, `  and ${left} more`] : lines;
}

async function inputOf(
  tool: Extract<Tool, { kind: 'read' | 'change' }>,
  file: string,
): Promise<Arguments & { reason: string }> {
  const given = await argumentsIn(file);
  const parsed = tool.input.safeParse(tool.kind === 'change' ? { reason: REASON, ...given } : given);
  if (parsed.success) return parsed.data as Arguments & { reason: string };
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.');
  throw new HoldshortError(
    'usage',
    `${safeText(file)}: ${safeText(where ? `${where}: ${issue?.message}` : (issue?.message ?? 'no arguments'))}`,
    `${tool.name} takes ${Object.keys(tool.input.shape).join(', ')}`,
  );
}

async function argumentsIn(file: string): Promise<object> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'can not be read';
    throw new HoldshortError(
      'usage',
      `${safeText(file)} ${why}`,
      "give a file with the call's arguments in JSON",
      cause,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new HoldshortError('usage', `${safeText(file)} holds no JSON object`, "give the call's arguments in JSON");
}

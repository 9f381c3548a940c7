import { DEFAULT_WEB_PORT } from '../config.ts';
import type { Setup } from './init-setup.ts';

/** How another program starts this one: without a shell, and without a PATH that knows node. */
export interface ServerStart {
  readonly command: string;
  readonly args: readonly string[];
}

/** What a client needs to start one of our servers. */
type Entry = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: { readonly [name: string]: string };
};

/** Besides what `setup` says only the page is switched on; the rest is there as comments, and changes nothing. */
export function configText({ accounts, solo }: Setup): string {
  const rules = accounts.map(({ id, environment }) => `  - name: ${environment}\n    match: { accounts: ["${id}"] }\n`);
  return `# Holdshort's configuration; everything in it is optional (docs/configuration.md). What no rule matches is production.

# The approval page, on this machine only (holdshort web). With it, agents are given the address of each ticket to hand on.
web:
  port: ${DEFAULT_WEB_PORT}

${
  rules.length > 0
    ? `environments: # the first rule that matches wins: sandbox, development, staging or production\n${rules.join('')}`
    : `# environments:                     # the first rule that matches wins
#   - name: development             # sandbox, development, staging or production
#     match: { stack_names: ["dev-*"], accounts: ["123456789012"], regions: ["eu-west-1"], tags: { env: dev } }
`
}
# approvals:
#   expire_after: 4h                # how long a ticket waits for a decision

${
  solo
    ? `# Solo: one person works here alone, and approves what their own agent destroys in production.
policy: ./policy.cedar
`
    : `# policy: ./policy.cedar            # instead of the default policy, which stands in that file as it is now
`
}
# agents:                           # who may ask for what; without this list, anybody for anything
#   - { name: "deploy-*", tools: ["cloudformation_*"], environments: [development, staging] }

# aws:
#   read_role_arn: arn:aws:iam::123456789012:role/holdshort-read
#   execution_role_arn: arn:aws:iam::123456789012:role/holdshort-execute
`;
}

/**
 * What decides where AWS and our files are. Keys and tokens are not among it: an entry is for a file that others may
 * read.
 */
const AWS_PLACES = ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL'];
const OUR_PLACES = ['HOLDSHORT_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'];

/** The entries for the two clients, with what is so here: clients start a server with an environment of their own. */
export function entriesFor(
  { agent, operator, approver }: Setup,
  { command, args }: ServerStart,
  env: NodeJS.ProcessEnv,
) {
  const entry = (verb: readonly string[], variables: Readonly<Record<string, string | undefined>>): Entry => {
    const set = Object.entries(variables).filter((pair): pair is [string, string] => Boolean(pair[1]));
    return { command, args: [...args, ...verb], ...(set.length > 0 ? { env: Object.fromEntries(set) } : {}) };
  };
  const taken = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, env[name]]));
  return {
    agent: entry(['serve', '--agent', agent, '--operator', operator], taken([...AWS_PLACES, ...OUR_PLACES])),
    approver: entry(['companion'], { HOLDSHORT_APPROVER: approver, ...taken(OUR_PLACES) }),
  };
}

export function nextSteps({ approver, operator, solo, accounts }: Setup, { env = {} }: Entry): readonly string[] {
  const name = approver ?? 'NAME';
  const room = `  holdshort approvers enroll ${name} --key SHA256:...`.length;
  const step = (command: string, what: string) => `${`  ${command}`.padEnd(room)}   ${what}`;
  const missing = [
    ...(env.AWS_PROFILE ? [] : ['credentials (AWS_PROFILE, say)']),
    ...(env.AWS_REGION || env.AWS_DEFAULT_REGION ? [] : ['a region (AWS_REGION)']),
  ];
  return [
    ...(missing.length > 0 ? [`The agent's entry still needs, in "env", ${missing.join(' and ')}.`] : []),
    ...(accounts.length === 0 ? ['Everything counts as production until `environments:` says otherwise.'] : []),
    ...(solo
      ? [`Solo: ${operator} approves what their own agent destroys in production. policy.cedar and the log say so.`]
      : [`The agent works for ${operator}: in production somebody else approves what it destroys.`]),
    '',
    `Next, as the person who approves${approver === undefined ? `, under a name other than ${operator}` : ''}:`,
    step(`holdshort approvers enroll ${name}`, "makes the first key, an admin's"),
    step('holdshort web', 'register a passkey: production asks for one'),
    step(`holdshort approvers enroll ${name} --key SHA256:...`, 'enrolls it; the page shows the fingerprint'),
  ];
}

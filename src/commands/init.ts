import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { placesOf } from '../config/places.ts';
import { type CommandResult, EXIT } from '../kernel/command-result.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { DEFAULT_POLICY } from '../policy/default.ts';

/** Every line a comment: as it is written, it changes nothing. */
const CONFIG = `# Holdshort's configuration; everything in it is optional (docs/configuration.md). What no rule matches is production.
#
# environments:                     # the first rule that matches wins
#   - name: development             # sandbox, development, staging or production
#     match: { stack_names: ["dev-*"], accounts: ["123456789012"], regions: ["eu-west-1"], tags: { env: dev } }
#
# approvals:
#   expire_after: 4h                # how long a ticket waits for a decision
#
# policy: ./policy.cedar            # instead of the default policy, which stands in that file as it is now
#
# agents:                           # who may ask for what; without this list, anybody for anything
#   - { name: "deploy-*", tools: ["cloudformation_*"], environments: [development, staging] }
#
# aws:
#   read_role_arn: arn:aws:iam::123456789012:role/holdshort-read
#   execution_role_arn: arn:aws:iam::123456789012:role/holdshort-execute
`;

/**
 * `init`: writes a commented configuration and the default policy, and shows the entries for the two MCP clients.
 * Errors: `conflict` where either file is there already: nothing of it is changed.
 */
export function init(env: NodeJS.ProcessEnv, command: string): CommandResult {
  const { configDir } = placesOf(env);
  mkdirSync(configDir, { recursive: true, mode: 0o700 });
  const files = [write(join(configDir, 'config.yaml'), CONFIG), write(join(configDir, 'policy.cedar'), DEFAULT_POLICY)];
  const entry = (args: readonly string[], variables: Record<string, string>) => ({
    command: 'node',
    args: [resolve(command), ...args],
    env: variables,
  });
  const agent = entry(['serve', '--agent', 'deploy-bot', '--operator', 'alice'], {
    AWS_PROFILE: 'agent-readonly',
    AWS_REGION: 'eu-west-1',
  });
  const approver = entry(['companion'], { HOLDSHORT_APPROVER: 'bob' });
  const shown = (name: string, server: object) => JSON.stringify({ mcpServers: { [name]: server } }, null, 2);
  return {
    data: { files, agent, approver },
    text: [
      ...files.map((file) => `Wrote ${file}`),
      '',
      "For the AGENT's MCP client:",
      shown('holdshort', agent),
      '',
      'For the chat client of the PERSON who approves, another program on an account that the agent does not have:',
      shown('holdshort-companion', approver),
      '',
      'Next, as the person who approves:',
      "  holdshort approvers enroll NAME                    makes the first key, an admin's",
      '  holdshort web                                      register a passkey: approvals in production need one',
      '  holdshort approvers enroll NAME --key SHA256:...   enrolls it, by the fingerprint that the page shows',
    ].join('\n'),
    exit: EXIT.done,
  };
}

function write(path: string, text: string): string {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new HoldshortError('conflict', `${path} is there already`, 'edit it, or move it away and run init again');
    throw new HoldshortError('config_invalid', `${path} can not be written`, 'make the folder writable', cause);
  }
  return path;
}

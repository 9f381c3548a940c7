import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { repeatable } from '../../approvals/cli/repeatable.ts';
import { EFFECTS } from '../kernel/effects.ts';
import { ENVIRONMENTS } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Installation } from './installation.ts';
import { jsonOption, type Run, wholeNumber } from './options.ts';
import { screenWidth } from './print.ts';

interface ExplainOptions {
  readonly args?: string;
  readonly environment?: string;
  readonly effect?: readonly string[];
  readonly resources?: number;
  readonly agent?: string;
  readonly operator?: string;
  readonly account?: string;
  readonly at?: string;
  readonly json?: boolean;
}

/** Printed under the options. */
const EXPLAIN_HELP = `
With --args the call is planned as the agent's server would: AWS is read,
nothing is changed, no ticket is opened. What the agent asked before, freezes,
allow-lists and quotas count as they are now. FILE holds the call's arguments in
JSON. Planning cloudformation_deploy_stack makes a change set in AWS: for it,
leave --args out and say what it would do.

Examples:
  holdshort policy explain ec2_terminate_instances --args call.json --agent deploy-bot --operator mara
  holdshort policy explain cloudformation:DeployStack --effect replace --environment production --agent deploy-bot`;

const SCAN_HELP = `
Reads every stack of one account and region with the credentials that plans are
made with, and finds out whose the things are that a deployment of it would act
on or act as. Nothing is changed. What it prints is YAML: lines that are to be
put into the configuration, each with the environment of the thing.

Examples:
  holdshort policy scan > known.yaml
  holdshort policy scan --stack dev-shop --region eu-west-1`;

export function registerPolicy(program: Command, run: Run): void {
  const policy = program.command('policy').description('what the policy asks for');
  policy
    .command('check [file]')
    .description('validate the policy (or FILE) and say what it asks for')
    .addOption(jsonOption())
    .action((file: string | undefined, options: { json?: boolean }) =>
      run(options, async (installation) => {
        const [{ policyCheck }, { POLICY_ACTIONS: actions }, { policySource }] = await Promise.all([
          import('./policy.ts'),
          import('./installation.ts'),
          import('../config.ts'),
        ]);
        const policyFile = file === undefined ? installation.config.policyFile : resolve(file);
        return await policyCheck({ policy: await policySource({ policyFile }), actions });
      }),
    );
  policy
    .command('explain <tool>')
    .description('what the policy makes of a call, and which line of it says so')
    .option('--args <FILE>', 'plan this call, with its arguments in JSON')
    .addOption(new Option('--environment <NAME>', 'where (default: production)').choices([...ENVIRONMENTS]))
    .addOption(repeatable('--effect <EFFECT>', 'what it would do (default: the worst)', EFFECTS))
    .option('--resources <N>', 'how many resources it would touch (default: 1)', wholeNumber)
    .option('--agent <NAME>', 'which agent calls')
    .option('--operator <NAME>', 'for whom it works')
    .option('--account <NAME>', 'for --args: which account, of several')
    .option('--at <TIME>', 'as if it were then, for freezes: 2026-12-24T18:00:00+01:00 (default: now)')
    .addOption(jsonOption())
    .addHelpText('after', EXPLAIN_HELP)
    .action((tool: string, options: ExplainOptions) =>
      run(options, (installation) => explain(installation, tool, options)),
    );
  policy
    .command('test <file>')
    .description("check a team's own expectations (YAML, docs/policy.md); exit 1 when the policy answers otherwise")
    .addOption(jsonOption())
    .action((file: string, options: { json?: boolean }) =>
      run(options, async (installation) => {
        const { policyTest } = await import('./policy-test.ts');
        return await policyTest(await asking(installation), resolve(file));
      }),
    );
  policy
    .command('scan')
    .description('what stacks act on of which nobody can tell whose it is, with the lines for known: that settle it')
    .option('--stack <NAME>', 'this stack, and those nested in it (default: all)')
    .option('--region <REGION>', "where (default: the credentials' own)")
    .option('--account <NAME>', 'which account, of several')
    .addOption(jsonOption())
    .addHelpText('after', SCAN_HELP)
    .action((options: { stack?: string; region?: string; account?: string; json?: boolean }) =>
      run(options, async (installation) => {
        const { policyScan } = await import('./policy-scan.ts');
        const { stack, region, account } = options;
        return await policyScan(installation, { stack, region, account }, screenWidth() ?? 100);
      }),
    );
}

async function explain(installation: Installation, tool: string, options: ExplainOptions) {
  const { args, environment, effect, resources, agent, operator, account } = options;
  const { momentOf, policyExplain } = await import('./policy-explain.ts');
  const at = momentOf(options.at);
  if (args === undefined && account !== undefined)
    throw new HoldshortError('usage', '--account is for a call that is planned', 'give --args too, or leave it out');
  if (args === undefined)
    return policyExplain(await asking(installation), {
      tool,
      environment: environment ?? 'production',
      effects: effect ?? [],
      resources,
      agent,
      operator,
      at,
    });
  if (environment !== undefined || effect !== undefined || resources !== undefined)
    throw new HoldshortError(
      'usage',
      '--args plans the call: where it is, what it does and to how much comes from AWS',
      'leave out --args, or --environment, --effect and --resources',
    );
  const { policyExplainCall } = await import('./policy-explain-call.ts');
  return await policyExplainCall(installation, { tool, args: resolve(args), account, agent, operator, at });
}

async function asking(installation: Installation) {
  const { POLICY_ACTIONS: actions } = await import('./installation.ts');
  return { engine: await installation.policy(), rules: await installation.rules(), actions };
}

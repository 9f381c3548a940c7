import { type Command, InvalidArgumentError } from 'commander';
import { repeatable } from '../../approvals/cli/repeatable.ts';
import { ENVIRONMENTS, type Environment } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { jsonOption, type Run } from './options.ts';
import { colours, screenWidth } from './print.ts';

interface JudgeOptions {
  readonly environment?: readonly Environment[];
  readonly parameter?: readonly string[];
  readonly oldParameter?: readonly string[];
  readonly stack?: string;
  readonly account?: string;
  readonly region?: string;
  readonly git?: string;
  readonly since?: string;
  readonly json?: boolean;
}

/** Where a verdict differs from one to the next; in `sandbox` everything runs. */
const ASKED: readonly Environment[] = ['development', 'staging', 'production'];

/** Printed under the options. */
const HELP = `
Both are CloudFormation templates, JSON or YAML; one alone is a first
deployment, and - is stdin. Of CDK, cdk.out/*.template.json. No account, no key:
an embedded cloud makes the change set, and the configured policy, or the
default one, says what it asks for. Nothing is kept.
With --git each commit that changed a template is judged against the one before
it. The repository is only read: nothing that it names is run.

Examples:
  git show HEAD~1:stack.yaml | holdshort judge - stack.yaml
  holdshort judge old.template.json cdk.out/Shop.template.json --environment development
  holdshort judge --git infrastructure --since 90d`;

export function registerJudge(program: Command, run: Run): void {
  program
    .command('judge [templates...]')
    .usage('[options] [old] <new>\n       holdshort judge [options] --git <PATH>')
    .description('what deploying a template would do, and whether it would be held: offline, without an account')
    .addOption(
      repeatable(
        '--environment <NAME>',
        'where the stack is (default: development, staging and production)',
        ENVIRONMENTS,
      ),
    )
    .option('--git <PATH>', 'a file or folder in a git repository: each change of a template in its history')
    .option('--since <TIME>', 'how far back, with --git: 90d, 12w, 1y, 2026-09-01 (default: 90d)')
    .addOption(repeatable('--parameter <NAME=VALUE>', 'value of a parameter, instead of its default'))
    .addOption(repeatable('--old-parameter <NAME=VALUE>', 'the value that the stack has, where it is another'))
    .option('--stack <NAME>', "the stack's name: where it counts, the configuration's environments say", stackName)
    .option('--account <ID>', 'the account that it is deployed to (default: one that nobody has)', account)
    .option('--region <REGION>', 'the region (default: us-east-1)', region)
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((templates: readonly string[], options: JudgeOptions) =>
      run(options, async (installation) => {
        const {
          environment,
          parameter: parameters = [],
          oldParameter: oldParameters = [],
          git,
          since,
          stack,
        } = options;
        if (environment && stack !== undefined)
          throw usage('--stack and --environment say where it counts, each by itself', 'leave one of them out');
        const environments = environment ?? ASKED;
        const { NOWHERE } = await import('./judge/judging.ts');
        const { account: anywhere, region: there } = NOWHERE;
        const place = { account: options.account ?? anywhere, region: options.region ?? there, stack };
        const { PLAIN } = await import('../../approvals/render/layout.ts');
        const view = { width: screenWidth() ?? 100, paint: (options.json ? undefined : colours()) ?? PLAIN };
        if (git !== undefined) {
          if (templates.length > 0) throw usage('--git judges what is in the repository', 'name no template');
          if (oldParameters.length > 0) throw usage('--old-parameter is about two templates', 'leave it out');
          const { judgeHistory } = await import('./judge/judge-history.ts');
          return await judgeHistory(
            installation,
            { path: git, since: since ?? '90d', parameters, environments, place },
            view,
          );
        }
        if (since !== undefined) throw usage('--since is about a history', 'add --git PATH, or leave it out');
        const [after, before, ...more] = [...templates].reverse();
        if (after === undefined) throw usage('there is no template', 'give the old one and the new one, or --git PATH');
        if (more.length > 0) throw usage(`these are ${templates.length} templates`, 'give the old one and the new one');
        const { judgeTemplates } = await import('./judge/judge.ts');
        return await judgeTemplates(
          installation,
          { before, after, parameters, oldParameters, environments, place },
          view,
        );
      }),
    );
}

function account(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('an account has 12 digits');
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
function stackName(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(text)) return text;
  throw new InvalidArgumentError('no stack can be called so');
}

/** In other partitions (China, the US government, the European sovereign cloud) ARNs read otherwise. */
const COMMERCIAL = /^(af|ap|ca|eu|il|me|mx|sa|us)-(north|south|central)?(east|west)?(?<=-[a-z]+)-\d{1,2}$/;

function region(text: string): string {
  if (COMMERCIAL.test(text)) return text;
  throw new InvalidArgumentError("it is no region of AWS's commercial partition: only those can be judged offline");
}

function usage(what: string, recovery: string): HoldshortError {
  return new HoldshortError('usage', what, recovery);
}

import { type Command, Option } from 'commander';
import { ENVIRONMENTS, type Environment } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { jsonOption, type Run } from './options.ts';
import { colours, screenWidth } from './print.ts';

interface JudgeOptions {
  readonly environment?: readonly Environment[];
  readonly parameter?: readonly string[];
  readonly json?: boolean;
}

/** Where a verdict differs from one to the next; in `sandbox` everything runs. */
const ASKED: readonly Environment[] = ['development', 'staging', 'production'];

/** Printed under the options. */
const HELP = `
Both are CloudFormation templates, JSON or YAML; one alone is a first deployment, and - is stdin. Of CDK, cdk.out/*.template.json. No account,
no key: an embedded cloud makes the change set, and the configured policy, or the default one, says what it asks for. Nothing is kept.

Examples:
  git show HEAD~1:stack.yaml | holdshort judge - stack.yaml
  holdshort judge old.template.json cdk.out/Shop.template.json --environment development`;

export function registerJudge(program: Command, run: Run): void {
  program
    .command('judge <templates...>')
    .usage('[options] [old] <new>')
    .description('what deploying a template would do, and whether it would be held: offline, without an account')
    .addOption(
      new Option(
        '--environment <NAMES...>',
        'where the stack is (default: development, staging and production)',
      ).choices([...ENVIRONMENTS]),
    )
    .option(
      '--parameter <NAME=VALUE>',
      'value of a parameter, instead of its default; may be repeated',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((templates: readonly string[], options: JudgeOptions) =>
      run(options, async (installation) => {
        const [[after = '', before], { judgeTemplates }, { PLAIN }] = await Promise.all([
          pairOf(templates),
          import('./judge/judge.ts'),
          import('../../approvals/render/layout.ts'),
        ]);
        const { environment: environments = ASKED, parameter: parameters = [] } = options;
        const view = { width: screenWidth() ?? 100, paint: (options.json ? undefined : colours()) ?? PLAIN };
        return await judgeTemplates(installation, { before, after, parameters, environments }, view);
      }),
    );
}

function pairOf(templates: readonly string[]): readonly string[] {
  if (templates.length <= 2) return [...templates].reverse();
  throw new HoldshortError('usage', `these are ${templates.length} templates`, 'give the old one and the new one');
}

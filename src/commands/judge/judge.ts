import { impactLines } from '../../../approvals/render/impact.ts';
import { type Paint, usableWidth } from '../../../approvals/render/layout.ts';
import { sha256 } from '../../kernel/digest.ts';
import type { Environment } from '../../kernel/environment.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { bounded, boundedText, safeText } from '../../kernel/safe-text.ts';
import { type CommandResult, EXIT } from '../../present/command-result.ts';
import { hanging } from '../../present/wrap.ts';
import type { Installation } from '../installation.ts';
import { parametersIn, templateText } from './files.ts';
import { type Judged, type JudgedPlace, startJudge } from './judging.ts';
import { parametersOf } from './pair.ts';
import { effectsText, judgedData, verdictLines } from './words.ts';

export interface JudgeRequest {
  /** Undefined for a first deployment. */
  readonly before: string | undefined;
  readonly after: string;
  readonly parameters: readonly string[];
  /** Of the stack as it is, where it has others. */
  readonly oldParameters: readonly string[];
  readonly environments: readonly Environment[];
  readonly place: JudgedPlace;
}

interface View {
  readonly width: number;
  readonly paint: Paint;
}

const MOST_LINES = 20;

/** Without a change set AWS tells what the stack runs, which is the old one. */
const PROCESSED =
  'nothing is amiss with it; judge what AWS makes of it instead: of the stack as it is, aws cloudformation get-template --stack-name STACK ' +
  '--template-stage Processed; of the new template the same with --change-set-name, of a change set that nobody executes';

/**
 * `judge OLD NEW`: what a deployment would do and whether it would be held, without an account.
 * @throws usage, invalid_input
 * @throws planning_failed where the embedded cloud can't tell
 */
export async function judgeTemplates(
  installation: Installation,
  request: JudgeRequest,
  view: View,
): Promise<CommandResult> {
  const { before: old, after: file, environments } = request;
  if (old === '-' && file === '-')
    throw new HoldshortError('usage', 'stdin has one template only', 'give the other one as a file');
  const before = old === undefined ? undefined : await templateText(old);
  const after = await templateText(file);
  const parameters = parametersIn(request.parameters);
  const old_parameters = parametersIn(request.oldParameters);
  // What `git difftool` gives for a file that wasn't there is empty.
  const pair = { before: before?.trim() === '' ? undefined : before, after, parameters, old_parameters };
  demandKnown(parameters, [pair.before, after]);
  demandKnown(old_parameters, [pair.before]);
  const judge = await startJudge(installation, environments, request.place);
  try {
    const judged = await judge.judge(pair);
    if (judged.outcome === 'not_judged')
      throw new HoldshortError(
        'planning_failed',
        `${file} can't be judged offline: ${bounded(judged.why, 1000, sha256)}`,
        judged.by_transform ? PROCESSED : 'correct it',
      );
    const first = pair.before === undefined;
    return {
      data: { old: first ? null : (old ?? null), new: file, ...judgedData(judged), policy: judge.policy.source },
      text: [...lines(judged, { old: first ? undefined : old, file, policy: judge.policy.source }, view)].join('\n'),
      exit: EXIT.done,
    };
  } finally {
    await judge.close();
  }
}

/** A misspelt name would be judged by its default. */
function demandKnown(parameters: Readonly<Record<string, string>>, templates: readonly (string | undefined)[]): void {
  const known = templates.flatMap((text) => (text === undefined ? [] : parametersOf(text)));
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const names = [...new Set(known)].map(safeText).join(', ');
  throw new HoldshortError(
    'usage',
    `no template has a parameter ${safeText(unknown)}`,
    names === '' ? 'leave --parameter out' : `they have ${bounded(names, 400, sha256)}`,
  );
}

function lines(
  judged: Exclude<Judged, { outcome: 'not_judged' }>,
  { old, file, policy }: { readonly old: string | undefined; readonly file: string; readonly policy: string },
  { width: columns, paint }: View,
): readonly string[] {
  const width = usableWidth(columns);
  const name = (path: string) => boundedText(path, 200, sha256);
  const what = old === undefined ? `${name(file)}, deployed for the first time` : `${name(old)} -> ${name(file)}`;
  const head = hanging(`${what}: ${effectsText(judged)}`, width).map(paint.strong);
  if (judged.outcome === 'same') return head;
  const { impact, verdicts, stood_in, defaults_changed } = judged;
  const values = Object.entries(stood_in).map(([parameter, value]) => `${parameter}=${value}`);
  return [
    ...head,
    '',
    ...impactLines(impact, MOST_LINES, width, paint),
    '',
    'Asked for by an agent, where the stack is in',
    ...verdictLines(verdicts, judged.effects, width),
    '',
    ...hanging(`By the policy ${name(policy)}. Nothing was looked up: this is what the templates alone tell.`, width),
    ...(values.length > 0
      ? hanging(
          `Parameters without a value: ${boundedText(values.join(', '), 600, sha256)} (--parameter NAME=VALUE)`,
          width,
        )
      : []),
    ...(defaults_changed.length > 0
      ? hanging(
          `Judged as if they took their new default: ${boundedText(defaults_changed.join(', '), 600, sha256)}. A stack keeps the value that it has where nobody gives one, if it is deployed by cloudformation_deploy_stack, "aws cloudformation deploy" or CDK: --parameter NAME=VALUE judges that.`,
          width,
        )
      : []),
  ];
}

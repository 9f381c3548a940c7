import { type Paint, usableWidth } from '../../../approvals/render/layout.ts';
import { STORED_BYTES } from '../../aws/template/document.ts';
import type { Environment } from '../../kernel/environment.ts';
import { HoldshortError, type RefusalCode } from '../../kernel/errors.ts';
import { safeText } from '../../kernel/safe-text.ts';
import { type CommandResult, EXIT } from '../../present/command-result.ts';
import type { Installation } from '../installation.ts';
import { parametersIn } from './files.ts';
import { type Git, gitIn } from './git.ts';
import { type FileChange, historyOf, placeOf } from './history.ts';
import { historyData, historyLines, type JudgedChange } from './history-words.ts';
import { type Judge, type Judged, type JudgedPlace, startJudge } from './judging.ts';

export interface HistoryRequest {
  readonly path: string;
  /** `90d`, `12w`, or a date. */
  readonly since: string;
  readonly parameters: readonly string[];
  readonly environments: readonly Environment[];
  readonly place: JudgedPlace;
}

const DAY_MS = 86_400_000;
const COMMIT_BYTES = 100_000;

/**
 * `judge --git PATH`: each change of a template in the history of a file or folder, judged as if it had been deployed.
 * @throws usage, planning_failed
 */
export async function judgeHistory(
  installation: Installation,
  request: HistoryRequest,
  view: { readonly width: number; readonly paint: Paint },
): Promise<CommandResult> {
  const { path } = request;
  // A history has no store: "since" is counted by this machine's clock, as git does.
  const since = sinceIn(request.since, Date.now());
  const parameters = parametersIn(request.parameters);
  const { folder, file } = await placeOf(path);
  const git = gitIn(folder);
  let judge: Judge | undefined;
  try {
    const { commits, changes, shallow } = await historyOf(git, file, since);
    judge = await startJudge(installation, request.environments, request.place);
    const verdicts = remembered(git, judge, parameters);
    const found: JudgedChange[] = [];
    for (const change of changes) {
      const judged = await verdicts(change);
      if (judged) found.push({ ...change, judged, subject: await subjectOf(git, change.commit) });
    }
    const told = {
      path,
      since,
      commits,
      shallow,
      environments: judge.environments,
      policy: judge.policy.source,
      changes: found,
    };
    return {
      data: historyData(told),
      text: historyLines(told, usableWidth(view.width), view.paint).join('\n'),
      exit: EXIT.done,
    };
  } finally {
    git.close();
    await judge?.close();
  }
}

/** What reading a template may fail with: it is told of that template, and the others go on. */
const UNREADABLE: ReadonlySet<RefusalCode> = new Set(['invalid_input', 'planning_failed', 'wrong_state']);

/** Judges a change, or says undefined where it is about no template. The same two texts are judged once. */
function remembered(git: Git, judge: Judge, parameters: Readonly<Record<string, string>>) {
  const known = new Map<string, Judged | undefined>();
  const verdictOf = async ({ before: past, after: future }: FileChange): Promise<Judged | undefined> => {
    try {
      const after = await git.object(future, STORED_BYTES);
      if (after === undefined || !looksLikeTemplate(after)) return undefined;
      const before = past === undefined ? '' : await git.object(past, STORED_BYTES);
      if (before === undefined) return { outcome: 'not_judged', why: 'what was in it before is too large' };
      return await judge.judge({ before: looksLikeTemplate(before) ? before : undefined, after, parameters });
    } catch (error) {
      if (error instanceof HoldshortError && UNREADABLE.has(error.code))
        return { outcome: 'not_judged', why: error.message };
      throw error;
    }
  };
  return async (change: FileChange): Promise<Judged | undefined> => {
    const key = `${change.before} ${change.after}`;
    if (!known.has(key)) known.set(key, await verdictOf(change));
    return known.get(key);
  };
}

/** Before it is read: a broken template is one too, and has to be told of. */
function looksLikeTemplate(text: string): boolean {
  return /\bResources["']?\s*:/.test(text) && /\b(AWS|Custom|Alexa)::[A-Za-z]/.test(text);
}

async function subjectOf(git: Git, commit: string): Promise<string> {
  const text = (await git.object(commit, COMMIT_BYTES)) ?? '';
  return /\n\n([^\n]*)/.exec(text)?.[1] ?? '';
}

/** ISO 8601. @throws usage */
function sinceIn(text: string, now: number): string {
  const [, count = '', unit = ''] = /^(\d{1,5})([dwy])$/.exec(text) ?? [];
  const days = { d: 1, w: 7, y: 365 }[unit];
  const at = days === undefined ? dateIn(text) : now - Number(count) * days * DAY_MS;
  if (Number.isNaN(at))
    throw new HoldshortError(
      'usage',
      `--since ${safeText(text)} is neither a while nor a date`,
      'write it as in 90d, 12w, 1y or 2026-09-01',
    );
  return new Date(at).toISOString();
}

function dateIn(text: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
}

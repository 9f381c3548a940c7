/**
 * `npm run friction`: of ordinary deployments to a development account, how many wait for a person. What they are, and
 * which of them hurt, was written down before any of them was judged: `deployments.jsonl`, a case a line.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Deployment {
  readonly id: string;
  readonly source: 'cdk' | 'sam' | 'plain';
  readonly kind: 'update' | 'first';
  readonly label: 'harmless' | 'hurts';
  /** Templates, JSON or YAML; a first deployment has no old one. */
  readonly old?: string;
  readonly new: string;
}

interface Judged {
  readonly file: string;
  /** There was no template before. */
  readonly first: boolean;
  readonly outcome: string;
  readonly effects?: readonly string[];
  readonly verdicts?: readonly { readonly decision: string }[];
}

/** As a team sets it up: the account is development's, and the bucket that its code comes from is named. */
const CONFIGURATION = `environments: [{ name: development, match: { accounts: ["111122223333"] } }]
known: [{ id: "arn:aws:s3:::dev-artifacts-111122223333", environment: development }]
`;

const MILD = new Set(['read', 'create', 'modify']);

const deployments = readFileSync(join(import.meta.dirname, 'deployments.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Deployment => JSON.parse(line));
const folder = mkdtempSync(join(tmpdir(), 'holdshort-friction-'));
try {
  const all = history();
  const isOf = ({ id, kind }: Deployment, one: Judged) =>
    one.file === `${id}.template` && one.first === (kind === 'first');
  print(
    new Map(deployments.flatMap((one) => all.filter((judged) => isOf(one, judged)).map((judged) => [one.id, judged]))),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Two commits, all old templates and all new ones, judged in one process. */
function history(): readonly Judged[] {
  const [templates, configuration] = [join(folder, 't'), join(folder, 'config.yaml')];
  writeFileSync(configuration, CONFIGURATION);
  const git = (...args: string[]) => execFileSync('git', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  git('init', '--quiet', templates);
  for (const side of ['old', 'new'] as const) {
    for (const one of deployments) {
      const text = one[side];
      if (text !== undefined) writeFileSync(join(templates, `${one.id}.template`), text);
    }
    const author = ['-c', 'user.name=friction', '-c', 'user.email=friction@example.com'];
    git('-C', templates, 'add', '--all');
    git('-C', templates, ...author, 'commit', '--quiet', '--message', side);
  }
  const place = ['--stack', 'dev-orders', '--account', '111122223333', '--region', 'eu-west-1'];
  const args = ['dist/cli.js', 'judge', '--config', configuration, '--git', templates, ...place, '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 << 20 })).history;
}

function print(judged: ReadonlyMap<string, Judged>): void {
  const held = (allowed: readonly string[]) => (one: Deployment) => {
    const { verdicts, effects = [], outcome } = judged.get(one.id) ?? {};
    if (!verdicts) return outcome !== 'same';
    return (
      verdicts[0]?.decision !== 'allow' && !effects.every((effect) => MILD.has(effect) || allowed.includes(effect))
    );
  };
  const policies = { default: [], 'with disrupt': ['disrupt'], 'and weaken': ['disrupt', 'weaken'] };
  console.log(
    `${'held of'.padEnd(24)}${Object.keys(policies)
      .map((name) => name.padStart(14))
      .join('')}`,
  );
  for (const kind of ['update', 'first'] as const) {
    for (const label of ['harmless', 'hurts'] as const) {
      const those = deployments.filter((one) => one.kind === kind && one.label === label && judged.has(one.id));
      const counts = Object.values(policies).map((allowed) => String(those.filter(held(allowed)).length).padStart(14));
      console.log(`${`${those.length} ${kind}, ${label}`.padEnd(24)}${counts.join('')}`);
    }
  }
  const missing = deployments.filter((one) => !judged.has(one.id));
  if (missing.length > 0) console.log(`not judged: ${missing.map((one) => one.id).join(', ')}`);
}

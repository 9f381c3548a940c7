import type { ApproverKey } from '../../src/kernel/approvers.ts';
import { type CommandResult, EXIT } from '../../src/kernel/command-result.ts';
import { checkedReason, personName, readEnrolled } from '../desk.ts';
import { enroll } from '../enroll.ts';
import { readKey } from '../keys.ts';
import { recordingRejection } from '../rejection.ts';
import { timeText } from '../render/words.ts';
import { revoke } from '../revoke.ts';
import { administrator, personOf } from '../signer.ts';
import type { CommandContext } from './context.ts';
import { newPassphrase, unlockHere } from './secrets.ts';

export interface AdminOptions {
  readonly as?: string | undefined;
  readonly passphraseFile?: string | undefined;
}

export interface EnrollOptions extends AdminOptions {
  /** False for `--no-passphrase`. */
  readonly passphrase?: boolean | undefined;
  /** Opens the signer's key, where that has a passphrase of its own. */
  readonly signerPassphraseFile?: string | undefined;
}

/** `approvers list`: every key that was ever enrolled here. */
export async function approversList(context: CommandContext): Promise<CommandResult> {
  const { registry, halt } = await readEnrolled(context);
  const keys = [...registry.values()];
  const here = new Set(keys.filter((key) => isHere(context.keysDir, key)).map(({ id }) => id));
  const row = (name: string, good: string, id: string, since: string) =>
    `${name.padEnd(nameWidth)}  ${good.padEnd(8)}  ${id}  ${since}`;
  const nameWidth = Math.max(4, ...keys.map(({ name }) => name.length));
  const lines = keys.map((key) => {
    const where = here.has(key.id) ? ', key is here' : '';
    const since = key.revokedAt ? `revoked ${timeText(key.revokedAt)}` : `by ${key.enrolledBy}${where}`;
    return row(key.name, key.maxAssurance, key.id.slice(0, 19), since);
  });
  const text =
    keys.length === 0
      ? 'Nobody is enrolled yet, so nothing can be approved: holdshort approvers enroll NAME'
      : [row('NAME', 'GOOD FOR', 'KEY'.padEnd(19), 'ENROLLED'), ...lines].join('\n');
  const data = {
    approvers: keys.map((key) => ({ ...keyData(key), here: here.has(key.id) })),
    halt: halt ? { ...halt } : null,
  };
  return { data, text, exit: EXIT.done };
}

/** `approvers enroll NAME`. Errors: those of `enroll`. */
export async function approversEnroll(
  context: CommandContext,
  name: string,
  options: EnrollOptions,
): Promise<CommandResult> {
  const identity = { as: options.as, env: context.env, osUser: context.osUser };
  const person = personName(name, `'${name}'`);
  const notes: string[] = [];
  const attempt = {
    type: 'approver.rejected',
    actor: `approver:${options.as ?? person}`,
    detail: { attempt: 'enroll', name: person },
  } as const;
  const done = await recordingRejection(context, attempt, async () => {
    const passphrase = await newPassphrase(context, options, person);
    return enroll(context, { name: person, passphrase }, async () => {
      const { file, assumed } = await administrator(context, identity);
      notes.push(...assumedText(assumed, file.name));
      return unlockHere(context, file, options.signerPassphraseFile ?? options.passphraseFile);
    });
  });
  const [key, client] = done.files;
  const text = [
    ...notes,
    done.first
      ? `${person} is enrolled, as the first approver here: everyone later is enrolled by somebody who already is.`
      : `${person} is enrolled, signed for by ${done.by}.`,
    `  ${key}   decides at a terminal (assurance key)`,
    `  ${client}   answers forms in a chat client (assurance client, no more)`,
    'Keep both private; the agent must not be able to read them.',
  ];
  const data = { name: person, first: done.first, by: done.by, files: done.files, keys: done.keys.map(keyData) };
  return { data, text: text.join('\n'), exit: EXIT.done };
}

/** `approvers revoke NAME|KEY`. Errors: those of `revoke`. */
export async function approversRevoke(
  context: CommandContext,
  whom: string,
  options: AdminOptions & { readonly reason: string },
): Promise<CommandResult> {
  const reason = checkedReason(options.reason);
  const identity = { as: options.as, env: context.env, osUser: context.osUser };
  const attempt = {
    type: 'approver.rejected',
    actor: `approver:${personOf(identity)}`,
    detail: { attempt: 'revoke', whom },
  } as const;
  const { revoked, by, notes } = await recordingRejection(context, attempt, async () => {
    const { file, assumed } = await administrator(context, identity);
    const signer = await unlockHere(context, file, options.passphraseFile);
    return {
      revoked: await revoke(context, whom, reason, signer),
      by: signer.name,
      notes: assumedText(assumed, file.name),
    };
  });
  const names = [...new Set(revoked.map(({ name }) => name))].join(', ');
  const text = [
    ...notes,
    `Revoked by ${by}: ${revoked.length === 1 ? 'one key' : `${revoked.length} keys`} of ${names}.`,
    'What it approved and has not run yet no longer counts.',
  ];
  return { data: { by, revoked: revoked.map(keyData) }, text: text.join('\n'), exit: EXIT.done };
}

/** Said whenever a signer was chosen that nobody named. */
export function assumedText(assumed: boolean, name: string): readonly string[] {
  return assumed ? [`Signing as ${name}, the only enrolled approver whose key is here (say --as NAME to choose).`] : [];
}

function isHere(keysDir: string, { name, id, maxAssurance }: ApproverKey): boolean {
  return readKey(keysDir, name, maxAssurance === 'client' ? 'client' : 'key')?.id === id;
}

function keyData(key: ApproverKey) {
  const { name, id, maxAssurance, enrolledAt, enrolledBy, revokedAt } = key;
  return {
    name,
    key: id,
    max_assurance: maxAssurance,
    enrolled_at: enrolledAt,
    enrolled_by: enrolledBy,
    revoked_at: revokedAt ?? null,
  };
}

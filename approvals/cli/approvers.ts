import { groupsOf } from '../../src/kernel/approvers.ts';
import type { MakeClaim } from '../../src/kernel/attestation.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { mostProvenBy, ROLES, type Role } from '../../src/kernel/statement.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { personName, readEnrolled, typedHere } from '../desk.ts';
import { readSshKeyFile } from '../keys/ssh/key-file.ts';
import { type Asking, type Enrolment, enroll, enrollOwned } from '../people/enroll.ts';
import { ownKey } from '../people/own-key.ts';
import { requestFor, requestKey } from '../people/requests.ts';
import { groupNames, type Rights, roleOf } from '../people/rights.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToManage, recordingRejection } from '../record/rejection.ts';
import { keyKind, makeText } from '../render/key.ts';
import { keyData } from './approvers-list.ts';
import { checkAsked, confirmFingerprint } from './confirm-key.ts';
import type { CommandContext } from './context.ts';
import { anyHeldKey, sshSigner } from './held-key.ts';
import { newPassphrase } from './secrets.ts';

export interface EnrollOptions {
  readonly as?: string | undefined;
  /** False for `--no-passphrase`. */
  readonly passphrase?: boolean | undefined;
  readonly passphraseFile?: string | undefined;
  /** Opens the signer's key, where that has a passphrase of its own. */
  readonly signerPassphraseFile?: string | undefined;
  /** The signer's SSH key. */
  readonly signerSsh?: string | undefined;
  /** The SSH key that is to be enrolled. */
  readonly ssh?: string | undefined;
  /** The fingerprint of a key that was asked for. */
  readonly key?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly role?: string | undefined;
  readonly group?: readonly string[] | undefined;
}

/**
 * `approvers enroll NAME`.
 * @throws as `enroll`
 * @throws not_found, not_confirmed, usage
 */
export async function approversEnroll(
  context: CommandContext,
  name: string,
  options: EnrollOptions,
): Promise<CommandResult> {
  const person = personName(name, `'${name}'`);
  const rights = rightsOf(options);
  if (options.ssh !== undefined && options.key !== undefined)
    throw new HoldshortError('usage', '--ssh and --key exclude each other', 'say one of them');
  const notes: string[] = [];
  const asking = (proved: (person: string) => void): Asking => ({
    confirmFirst: (key) => confirmFingerprint(context, key, 'The first key, on which all others rest'),
    async by() {
      const signing = { as: options.as, ssh: options.signerSsh, passphraseFile: options.signerPassphraseFile };
      const passphraseFile = signing.passphraseFile ?? options.passphraseFile;
      const { key, notes: said } = await anyHeldKey(context, { ...signing, passphraseFile });
      notes.push(...said);
      return telling(await key.open(), proved);
    },
  });
  const attempt = attemptToManage('cli', options.as ?? person, { attempt: 'enroll', name: person });
  const done = await recordingRejection(context, attempt, async (proved) => {
    const by = asking(proved);
    if (options.key !== undefined) return enrollRequested(context, person, options.key, options.yes, rights, by);
    if (options.ssh !== undefined) return enrollSsh(context, person, options.ssh, rights, by);
    const passphrase = await newPassphrase(context, options, person);
    return enroll(context, { name: person, passphrase, ...rights }, by);
  });
  const text = [...notes, ...enrolledText(done)];
  const data = {
    name: person,
    first: done.first,
    by: done.by,
    files: done.files,
    keys: done.keys.map((key) => keyData(done.registry, key)),
  };
  return { data, text: text.join('\n'), exit: EXIT.done };
}

/** `approvers request NAME`: asks for a key of one's own to be enrolled. @throws as `requestKey` */
export async function approversRequest(
  context: CommandContext,
  name: string,
  options: Pick<EnrollOptions, 'ssh' | 'passphrase' | 'passphraseFile'>,
): Promise<CommandResult> {
  const person = personName(name, `'${name}'`);
  const attempt = attemptToManage('cli', person, { attempt: 'request', name: person });
  const request = await recordingRejection(context, attempt, async () => {
    if (options.ssh !== undefined) {
      const file = await readSshKeyFile(options.ssh);
      return requestKey(context, sshSigner(context, { name: person, ...file }, file.path));
    }
    const passphrase = await newPassphrase(context, options, person);
    const { signer } = await ownKey(context, await readEnrolled(context), { name: person, use: 'key', passphrase });
    return requestKey(context, signer);
  });
  const kind = keyKind({ publicKey: request.publicKey, maxAssurance: request.most });
  const text = [
    `${person} asks for this ${kind} to be enrolled (good for ${request.most} at most):`,
    `  ${request.id}`,
    'It decides nothing yet. Tell an admin the fingerprint in a way that proves that it is you; they run:',
    `  holdshort approvers enroll ${person} --key ${request.id}`,
  ];
  return {
    data: { name: person, key: request.id, kind, proven: request.most },
    text: typedHere(context, text.join('\n')),
    exit: EXIT.done,
  };
}

async function enrollSsh(context: CommandContext, name: string, path: string, rights: Rights, asking: Asking) {
  const file = await readSshKeyFile(path);
  const own = sshSigner(context, { name, ...file }, file.path);
  const worth = mostProvenBy(file.publicKey, await context.makers(), await context.store.now()) ?? 'key';
  return enrollOwned(context, own, worth, rights, { ...asking, own: async () => own });
}

async function enrollRequested(
  context: CommandContext,
  name: string,
  key: string,
  yes: boolean | undefined,
  rights: Rights,
  asking: Asking,
) {
  const request = requestFor(await readEnrolled(context), name, key);
  checkAsked(context, request, key, yes);
  const { registry } = await readEnrolled(context);
  const role = roleOf(registry, name, request.most, rights.role);
  const what =
    role === 'admin'
      ? "Somebody asks for this key to be enrolled. It will be an admin's"
      : 'Somebody asks for this key to be enrolled';
  if (!yes) await confirmFingerprint(context, request, what);
  const own = () => {
    throw new HoldshortError('not_enrolled', 'nobody is enrolled who could grant this', 'enroll yourself first');
  };
  const done = await enrollOwned(context, request, request.most, rights, { ...asking, own: async () => own() });
  // Anyone who said --yes was asked nothing, and reads it here.
  return { ...done, make: request.make };
}

function rightsOf({ role, group }: EnrollOptions): Rights {
  const known = ROLES.find((one) => one === role) satisfies Role | undefined;
  if (role !== undefined && !known)
    throw new HoldshortError('usage', `'${role}' is not a role`, `one of ${ROLES.join(', ')}`);
  return {
    ...(known ? { role: known } : {}),
    ...(group ? { groups: groupNames(group) } : {}),
  };
}

function enrolledText({
  name,
  first,
  by,
  files,
  keys,
  registry,
  make,
}: Enrolment & { readonly make?: MakeClaim | undefined }): readonly string[] {
  const groups = groupsOf(registry, name);
  const [key, client] = files;
  const [main] = keys;
  return [
    first
      ? `${name} is enrolled, as the first approver here and an admin: everyone later is enrolled by an admin.`
      : `${name} is enrolled${main?.role === 'admin' ? ' as an admin' : ''}, signed for by ${by}.`,
    ...(main ? [`  ${main.id}   ${keyKind(main)}, good for ${main.maxAssurance}`] : []),
    ...(make ? [`  it ${makeText(make)}`] : []),
    ...(groups.length > 0
      ? [`  in ${groups.join(', ')}: no approval by somebody else, where an agent works for one of these`]
      : []),
    ...(key === undefined
      ? []
      : [
          `  ${key}   decides at a terminal (assurance key)`,
          `  ${client}   answers forms in a chat client (assurance client, no more)`,
          'Keep both private; the agent must not be able to read them.',
        ]),
  ];
}

import type { ApproverKey } from '../../src/kernel/approver-key.ts';
import { groupsOf, type Registry } from '../../src/kernel/approvers.ts';
import { lastBindings } from '../../src/kernel/bindings.ts';
import { identityText } from '../../src/kernel/identity.ts';
import { readPasskey } from '../../src/kernel/webauthn.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { readEnrolled, typedHere } from '../desk.ts';
import { readKey } from '../keys/keys.ts';
import { pendingRequests } from '../people/requests.ts';
import { keyKind, makeText } from '../render/key.ts';
import { replacedText } from '../render/recovery.ts';
import { outside, timeText } from '../render/words.ts';
import type { CommandContext } from './context.ts';

/** `approvers list`: every key that was ever enrolled here, and who waits to be. */
export async function approversList(context: CommandContext): Promise<CommandResult> {
  const enrolled = await readEnrolled(context);
  const keys = [...enrolled.registry.keys.values()];
  const requests = pendingRequests(enrolled);
  const here = new Set(keys.filter((key) => isHere(context.keysDir, key)).map(({ id }) => id));
  const width = Math.max(4, ...keys.map(({ name }) => name.length));
  const row = (name: string, role: string, good: string, kind: string, since: string) =>
    `${name.padEnd(width)}  ${role.padEnd(8)}  ${good.padEnd(8)}  ${kind.padEnd(16)}  ${since}`;
  const lines = keys.flatMap((key) => {
    const where = here.has(key.id) ? ', key is here' : '';
    const since = key.revokedAt ? `revoked ${timeText(key.revokedAt)}` : `by ${key.enrolledBy}${where}`;
    const teams = groupsOf(enrolled.registry, key.name).join(', ');
    const groups = teams === '' ? '' : `  in ${teams}`;
    const origin = readPasskey(key.publicKey)?.origin;
    const page = origin ? `  at ${outside(origin, 200)}` : '';
    return [row(key.name, key.role, key.maxAssurance, keyKind(key), since), `  ${key.id}${page}${groups}`];
  });
  const waiting = requests.flatMap(({ name, publicKey, most, make, requestedAt, id }) => [
    `${name} asks for this ${keyKind({ publicKey, maxAssurance: most })} to be enrolled, ${timeText(requestedAt)}:`,
    `  ${id}`,
    ...(make ? [`  it ${makeText(make)}`] : []),
    `  an admin grants it with: holdshort approvers enroll ${name} --key ${id.slice(0, 15)}`,
  ]);
  const text =
    keys.length === 0
      ? 'Nobody is enrolled yet, so nothing can be approved: holdshort approvers enroll NAME'
      : [
          row('NAME', 'ROLE', 'GOOD FOR', 'KEY', 'ENROLLED'),
          ...lines,
          ...replacedLines(enrolled.registry),
          ...(waiting.length > 0 ? ['', ...waiting] : []),
        ].join('\n');
  const data = {
    approvers: keys.map((key) => ({ ...keyData(enrolled.registry, key), here: here.has(key.id) })),
    requests: requests.map(({ name, id, publicKey, most, requestedAt }) => ({
      name,
      key: id,
      kind: keyKind({ publicKey, maxAssurance: most }),
      proven: most,
      requested_at: requestedAt,
    })),
    logins: lastBindings(enrolled.registry).map(({ identity, name, by, at, counts }) => ({
      name,
      ...identity,
      bound: counts,
      by,
      at,
    })),
    recoveries: enrolled.registry.recoveries.map((one) => ({ ...one, lost: [...one.lost] })),
    accepted: enrolled.registry.accepted.map((one) => ({ ...one })),
    halt: enrolled.halt ? { ...enrolled.halt } : null,
  };
  return { data, text: [typedHere(context, text), ...loginLines(enrolled.registry)].join('\n'), exit: EXIT.done };
}

function isHere(keysDir: string, { name, id, maxAssurance }: ApproverKey): boolean {
  return readKey(keysDir, name, maxAssurance === 'client' ? 'client' : 'key')?.id === id;
}

function replacedLines(registry: Registry): readonly string[] {
  const lines = replacedText(registry);
  return lines.length > 0 ? ['', ...lines] : [];
}

/** Who is known by which login; what was taken back too, since its open tickets and its agents are held up by it. */
function loginLines(registry: Registry): readonly string[] {
  const lines = lastBindings(registry).map(({ identity, name, by, at, kind, counts }) => {
    const login = identityText(identity);
    const when = `by ${by}, ${timeText(at)}`;
    if (kind === 'unbind') return `  ${login} was ${name}: taken back ${when}`;
    return `  ${login} is ${name}, ${when}${counts ? '' : ' (COUNTS FOR NOTHING: the maker of the key that signed is not believed)'}`;
  });
  return lines.length > 0 ? ['', 'LOGINS', ...lines] : [];
}

/** A key, with the teams of its owner. */
export function keyData(registry: Registry, key: ApproverKey) {
  const { name, id, maxAssurance, role, enrolledAt, enrolledBy, revokedAt } = key;
  return {
    name,
    role,
    groups: groupsOf(registry, name),
    key: id,
    kind: keyKind(key),
    /** Where a passkey works. */
    origin: readPasskey(key.publicKey)?.origin ?? null,
    max_assurance: maxAssurance,
    enrolled_at: enrolledAt,
    enrolled_by: enrolledBy,
    revoked_at: revokedAt ?? null,
  };
}

import { standingOf } from '../../src/kernel/bindings.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { bindHint, type Identity, identityText } from '../../src/kernel/identity.ts';
import { type Desk, readEnrolled } from '../desk.ts';

/**
 * Whose chat a login is: whom an admin bound it to, as long as they have a key that counts. A login that is bound to
 * nobody, or whose person has left, is shown nothing and asked nothing.
 */
export async function whoseChat(
  desk: Pick<Desk, 'store' | 'keysDir' | 'makers'>,
  identity: Identity,
): Promise<{ readonly as: string; readonly refused?: HoldshortError }> {
  const { registry } = await readEnrolled(desk);
  const standing = standingOf(registry, identity);
  if (standing.kind === 'bound') {
    const { name } = standing;
    const counts = [...registry.keys.values()].some((key) => key.name === name && !key.revokedAt);
    return counts ? { as: name } : { as: name, refused: noKeys(name) };
  }
  const was = standing.kind === 'taken_back' ? `was taken from ${standing.name}` : 'is bound to nobody';
  return { as: '', refused: unbound(`the login ${identityText(identity)} ${was}, so nobody is asked here`, identity) };
}

function unbound(message: string, identity: Identity): HoldshortError {
  return new HoldshortError('not_enrolled', message, `an admin says whose it is, with ${bindHint(identity)}`);
}

function noKeys(name: string): HoldshortError {
  return new HoldshortError(
    'not_enrolled',
    `this is the login of ${name}, who has no key that counts, so nobody is asked here`,
    `an admin enrolls one: holdshort approvers enroll ${name} --key FINGERPRINT`,
  );
}

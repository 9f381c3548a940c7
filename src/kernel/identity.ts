import { z } from 'zod';
import { sha256 } from './digest.ts';
import { quotedName, quotedText, shortName } from './safe-text.ts';

/**
 * Who someone is to an issuer of tokens: the token's `iss` and `sub`, exactly as they are in it. Printable ASCII alone,
 * as OpenID Connect has subjects, and a bounded length: two different ones never look the same, whatever alphabet they
 * were chosen from, and each can be typed as it is shown. They are compared character by character; nothing is made
 * lower case, trimmed or decoded, which could make two people one.
 * https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export const Identity = z.strictObject({
  issuer: z.string().regex(/^[\x20-\x7e]{1,512}$/, 'an issuer is 1 to 512 printable ASCII characters'),
  subject: z.string().regex(/^[\x20-\x7e]{1,255}$/, 'a subject is 1 to 255 printable ASCII characters'),
});

export type Identity = z.infer<typeof Identity>;

/** The two as one text; where one ends and the other begins can't be moved. */
export function identityKey({ issuer, subject }: Identity): string {
  return JSON.stringify([issuer, subject]);
}

/**
 * As whom an identity counts that is bound to nobody: in quotas, lists and policy, it is always the same and nobody
 * else. Nothing that a token or the configuration calls it gets in here: it could be an approver's name.
 */
export function nobodysName(identity: Identity): string {
  return `unbound-${sha256(identityKey(identity)).slice(0, 32)}`;
}

/**
 * As a word of a shell's command, whatever is in it: what an admin copies runs nothing else. Without a backslash of
 * ours, which is written out where people read it; and a command of ours in it is written so that none as it was
 * started here is put in its place (`asStarted`).
 */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_.:/@%+=-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'"'"'`).replaceAll('holdshort ', "holdshort'' ")}'`;
}

/** What an admin types to bind it; an equals sign, as a subject may begin with a dash. */
export function bindHint({ issuer, subject }: Identity, name = 'NAME'): string {
  return `holdshort approvers bind ${name} --issuer=${shellWord(issuer)} --subject=${shellWord(subject)}`;
}

export function unbindHint({ issuer, subject }: Identity, name: string): string {
  return `holdshort approvers unbind ${name} --issuer=${shellWord(issuer)} --subject=${shellWord(subject)}`;
}

/** For people, in safe text: each in quotation marks, which can't be ended from inside. */
export function identityText({ issuer, subject }: Identity, limit = 255): string {
  const quoted = (text: string) => quotedText(text, limit, sha256).replaceAll('holdshort ', 'holdshort\\u{20}');
  return `${quoted(subject)} at ${quoted(issuer)}`;
}

/**
 * For whom an agent works, on one line of what people read: `mara, known by login at https://login.example.com`. The
 * whole login stands elsewhere.
 * @param room for the name, in characters
 */
export function operatorText(
  { operator, identity }: { readonly operator: string; readonly identity?: Identity | undefined },
  room: number,
): string {
  if (!identity) return quotedName(operator, room, sha256);
  const who =
    operator === nobodysName(identity) ? 'nobody who is known,' : `${quotedName(operator, room, sha256)}, known`;
  return `${who} by login at ${shortName(identity.issuer, 40)}`;
}

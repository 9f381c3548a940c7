import { exportSPKI, SignJWT } from 'jose';
import { MARA } from '../scenes/hub.ts';
import type { TestIssuer } from '../scenes/issuer.ts';

/** A resource of a hub, with the scope that its tokens must have. */
export interface Door {
  readonly path: string;
  readonly scope: string;
}

/** A hub whose `scope` is the first one's has both with `companions: {}`. */
export const DOORS: readonly [Door, Door] = [
  { path: '/mcp', scope: 'holdshort.ask' },
  { path: '/companion/mcp', scope: 'holdshort.decide' },
];

/** Agents' and people's. */
const ALL_SCOPES = `openid ${DOORS.map(({ scope }) => scope).join(' ')}`;

/** The claims of a token that is good at one of them. */
export const claimsAt = (url: string, { path }: Door, more: object = {}) => ({
  ...{ aud: url + path, scope: ALL_SCOPES, ...MARA },
  ...more,
});

/** Who sends tokens, and where. */
export interface Sending {
  readonly url: string;
  readonly door: Door;
  readonly issuer: TestIssuer;
  /** One that the hub doesn't know. */
  readonly other: TestIssuer;
}

const now = () => Math.floor(Date.now() / 1_000);

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const withHeader = (token: string, header: object) => {
  const [first = '', ...rest] = token.split('.');
  return [part({ ...JSON.parse(Buffer.from(first, 'base64url').toString()), ...header }), ...rest].join('.');
};
const unsigned = (token: string, alg = 'none') => `${withHeader(token, { alg }).split('.').slice(0, 2).join('.')}.`;
const promoted = (token: string) => {
  const [header, body = '', signature] = token.split('.');
  const read = JSON.parse(Buffer.from(body, 'base64url').toString());
  return [header, part({ ...read, sub: 'ana-1' }), signature].join('.');
};
const otherThan = (door: Door) => DOORS.find((one) => one !== door) ?? door;

type Hostile = (sending: Sending, claims: (more?: object) => ReturnType<typeof claimsAt>) => Promise<string>;

/** Tokens that somebody may send, and why each isn't taken at either door, as the log says it. */
export const HOSTILE: Readonly<Record<string, { readonly why: string; readonly token: Hostile }>> = {
  'for another resource': {
    why: 'audience',
    token: ({ issuer }, claims) => issuer.token(claims({ aud: 'https://elsewhere.example/mcp' })),
  },
  'for the bare address of the hub': {
    why: 'audience',
    token: ({ issuer, url }, claims) => issuer.token(claims({ aud: url })),
  },
  'for the other door': {
    why: 'audience',
    token: ({ issuer, url, door }, claims) => issuer.token(claims({ aud: url + otherThan(door).path })),
  },
  'for both doors': {
    why: 'audience',
    token: ({ issuer, url }, claims) => issuer.token(claims({ aud: DOORS.map(({ path }) => url + path) })),
  },
  'for two resources': {
    why: 'audience',
    token: ({ issuer }, claims) => issuer.token(claims({ aud: [claims().aud, 'https://elsewhere.example/mcp'] })),
  },
  'for no resource': { why: 'audience', token: ({ issuer }, claims) => issuer.token(claims({ aud: undefined })) },
  'of another issuer that signs': { why: 'unknown_key', token: ({ other }, claims) => other.token(claims()) },
  "of another issuer under this one's name": {
    why: 'unknown_key',
    token: ({ issuer, other }, claims) => other.token(claims({ iss: issuer.issuer })),
  },
  "of another issuer under this one's key's name": {
    why: 'signature',
    token: ({ issuer, other }, claims) => other.token(claims({ iss: issuer.issuer }), { kid: issuer.key().kid }),
  },
  'that names another issuer': {
    why: 'issuer',
    token: ({ issuer, other }, claims) => issuer.token(claims({ iss: other.issuer })),
  },
  'with a slash more in the issuer': {
    why: 'issuer',
    token: ({ issuer }, claims) => issuer.token(claims({ iss: `${issuer.issuer}/` })),
  },
  'that is over': { why: 'expired', token: ({ issuer }, claims) => issuer.token(claims({ exp: now() - 60 })) },
  'that never ends': { why: 'claims', token: ({ issuer }, claims) => issuer.token(claims({ exp: undefined })) },
  'that is not valid yet': {
    why: 'not_yet_valid',
    token: ({ issuer }, claims) => issuer.token(claims({ nbf: now() + 600 })),
  },
  'without a subject': { why: 'claims', token: ({ issuer }, claims) => issuer.token(claims({ sub: undefined })) },
  'that is no access token': {
    why: 'type',
    token: ({ issuer }, claims) => issuer.token(claims(), { typ: 'logout+jwt' }),
  },
  'that ends at no time': { why: 'claims', token: ({ issuer }, claims) => issuer.token(claims({ exp: 1e300 })) },
  "that is bound to its sender's key": {
    why: 'type',
    token: ({ issuer }, claims) => issuer.token(claims({ cnf: { jkt: 'x' } })),
  },
  'that tells of an event': {
    why: 'type',
    token: ({ issuer }, claims) =>
      issuer.token(claims({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })),
  },
  'whose type is a number': { why: 'type', token: ({ issuer }, claims) => issuer.token(claims(), { typ: 5 }) },
  'with an unknown key': {
    why: 'unknown_key',
    token: ({ issuer }, claims) => issuer.token(claims(), { kid: 'made-up' }),
  },
  'with a key of its own in its header': {
    why: 'unknown_key',
    token: ({ issuer, other }, claims) =>
      other.token(claims({ iss: issuer.issuer }), { jwk: other.key().jwk, kid: 'made-up' }),
  },
  'with a critical header that nobody knows': {
    why: 'malformed',
    token: async ({ issuer }, claims) => withHeader(await issuer.token(claims()), { crit: ['exp-2'], 'exp-2': 1 }),
  },
  'that nobody signed': {
    why: 'algorithm',
    token: async ({ issuer }, claims) => unsigned(await issuer.token(claims())),
  },
  'that nobody signed, in other letters': {
    why: 'algorithm',
    token: async ({ issuer }, claims) => unsigned(await issuer.token(claims()), 'nOnE'),
  },
  'signed by HS256 with the public key': {
    why: 'algorithm',
    token: async ({ issuer }, claims) =>
      new SignJWT({ ...claims(), iss: issuer.issuer, exp: now() + 300 })
        .setProtectedHeader({ alg: 'HS256', kid: issuer.key().kid, typ: 'at+jwt' })
        .sign(Buffer.from(await exportSPKI(issuer.key().publicKey))),
  },
  'whose claims were changed': {
    why: 'signature',
    token: async ({ issuer }, claims) => promoted(await issuer.token(claims())),
  },
  'that is no token': { why: 'malformed', token: async () => 'abc' },
  'of twenty thousand characters': {
    why: 'malformed',
    token: ({ issuer }, claims) => issuer.token(claims({ padding: 'x'.repeat(9_200) })),
  },
};

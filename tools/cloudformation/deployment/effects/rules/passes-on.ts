import type { Json } from '../../../../../src/kernel/digest.ts';
import { type Finding, finding } from '../finding.ts';
import { isUntellable, namesIn, textsIn } from './named-things.ts';
import { labelOf, named, type Place, sayVerdict } from './place.ts';

/** What names an account, anywhere in a text: ARNs, API Gateway's way to a queue, and a queue's address. */
const OF_ACCOUNT =
  /(?:\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:|:apigateway:[a-z0-9-]*:[a-z0-9.-]+:path\/|\.(?:amazonaws\.com|amazonaws\.com\.cn|api\.aws)\/)(\d{12})(?=[:/?]|$)/g;
/** API Gateway's way to a bucket, or to what AWS calls by a name of its own before the service's. */
const OF_SERVICE = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]*:(s3:path\/[^/?]*|[a-z0-9-]+\.[a-z0-9.-]+)/i;
/** What comes after a scheme, up to a path: who signs in, and a host or several. What follows is looked at again. */
const AUTHORITY = /([a-z][a-z0-9+.-]{0,30}):\/\/(?=([^/?#\s"']*))/gi;
/** What ends the hosts for some who read an address, and for others is part of who signs in. */
const ENDS = /[;\\<>]/;
/** As Oracle's drivers have it: `jdbc:oracle:thin:@host:1521:service`. What comes after the port isn't the host. */
const THIN = /\bjdbc:[^@\s"']{0,200}@(?:\/\/)?([^/?;\s"'():]+(?::\d+)?(?:,[^/?;\s"'():]+(?::\d+)?)*)/gi;
/** A host that is told by its name: `;serverName=host`, `(HOST=host)`, `?host=host`. */
const TOLD =
  /(?:^|[?&;,(\s])(?:hosts?|host ?name|servers?|server ?name|data ?source|failover ?partner|addr|address|endpoint|bootstrap\.servers) {0,5}= {0,5}([^&;()\s"']+)/gi;
/** A host without a scheme: `api.example.com`, `10.0.0.1:8443`. */
const BARE_HOST = /^((\p{L}|\p{N}|[_-])+\.)+(\p{L}(\p{L}|\p{N}|-)+\.?|\d{1,3})(:\d+)?$/u;

/** Steps of which one says that an account's number is meant. A number of twelve digits may be a time or a count. */
const ACCOUNT_STEP = /account|registry|owner|principal|publisher|payer|member/i;
/** A property whose name says that it leads somewhere. */
const LEADS = /(host|hostname|backend|endpoint|server|servername|broker|url|uri|target|origin|upstream)s?$/i;

/**
 * Where it passes on what callers send, or sends what it has. The attacker has an API pass on its callers' tokens to a
 * host of theirs, or a function of theirs, and answer as before. What the template takes from itself is its own.
 */
export function passesOn(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (after === undefined) return [];
  if (place.resource.isNew) return ofOthers(before, after, place);
  const { ownBefore, ownAfter } = place.resource;
  const was = namesIn(before, place.before, ownBefore).map(({ name }) => name);
  const led = namesIn(after, place.after, ownAfter).filter(
    ({ name, isOwn }) => !isOwn && (name === undefined || !was.includes(name)),
  );
  const places = new Set(was.flatMap((name) => placesIn(name ?? '')));
  const isElsewhere = ({ name }: { readonly name?: string }) => {
    if (name === undefined) return true;
    const found = placesIn(name);
    // Whose an ARN's thing is, its account says.
    return found.length === 0 ? !/^arn:aws/.test(name) : found.some((one) => !places.has(one));
  };
  return [
    ...(led.some(isElsewhere) ? sayVerdict(place, 'expose', 'leads to another host') : []),
    ...ofOthers(before, after, place),
  ];
}

/**
 * What becomes of others by any value, whatever else its row says of it: the number of another account where a property
 * asks for one, its name of a thing, and a host that wasn't named there. A place of which nobody thought is one too.
 */
export function elsewhere(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  return [...ofOthers(before, after, place), ...leadsOn(before, after, place, isLeading)];
}

/** The same of hosts alone, where a text may name one. */
export function mayPassOn(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  return leadsOn(before, after, place, () => true);
}

/**
 * Hosts that weren't named there. A new resource sent nothing before.
 * @param isMeant where what can't be read may be one
 */
function leadsOn(
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
  isMeant: (text: Text) => boolean,
): readonly Finding[] {
  if (place.resource.isNew) return [];
  const was = new Set(placed(before, place.before).flatMap(hostsOf));
  const isOther = textsIn(after, place.after, place.resource.ownAfter).some(
    (one) => (!one.isOwn && isUntellable(one.text) && isMeant(one)) || hostsOf(one).some((host) => !was.has(host)),
  );
  return isOther ? sayVerdict(place, 'expose', 'leads to another host') : [];
}

/** Of a text that nobody reads (a description), too: that a host is named there leads nowhere. */
export function ofOthers(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { account } = place.resource;
  const was = new Set(placed(before, place.before).flatMap(accountsOf));
  const others = placed(after, place.after)
    .flatMap(accountsOf)
    .filter((one) => one !== account && !was.has(one));
  return [...new Set(others)].map((one) =>
    finding('expose', `${labelOf(place)} names what is of another account, ${named(one)}`),
  );
}

interface Text {
  readonly text: string;
  readonly steps: readonly string[];
}

function placed(value: Json | undefined, steps: readonly string[]): readonly Text[] {
  return textsIn(value, steps, new Map());
}

function accountsOf({ text, steps }: Text): readonly string[] {
  const plain = text.replaceAll(/%3a/gi, ':').replaceAll(/%2f/gi, '/');
  const named = [...plain.matchAll(OF_ACCOUNT)].map(([, account = '']) => account);
  const isNumber = /^\d{12}$/.test(text) && steps.some((step) => ACCOUNT_STEP.test(step));
  return isNumber ? [text, ...named] : named;
}

function isLeading({ steps }: Text): boolean {
  return LEADS.test(steps.findLast((step) => !/^\d+$/.test(step)) ?? '');
}

/** Hosts that a text surely names; in a property that leads somewhere also those without a scheme. */
function hostsOf(one: Text): readonly string[] {
  if (isAddress(one.text)) return hostsIn(one.text);
  return isLeading(one) ? listed(one.text).filter((host) => BARE_HOST.test(host)) : [];
}

/** Of a text that names a place: whatever it is, each of several. */
function placesIn(text: string): readonly string[] {
  const [, service] = OF_SERVICE.exec(text) ?? [];
  if (service !== undefined) return [service.toLowerCase()];
  if (/^arn:aws/.test(text)) return [];
  return isAddress(text) ? hostsIn(text) : [...listed(text), ...hostsIn(text)];
}

function isAddress(text: string): boolean {
  return /:\/\/|\bjdbc:/i.test(text);
}

/** One after the other, each without a path. */
function listed(text: string): readonly string[] {
  return text.split(/[,;\s]+/).flatMap((one) => {
    const [host = ''] = one.split(/[/?#]/);
    return host === '' ? [] : [host.toLowerCase()];
  });
}

/** A bucket's name is no host: whose it is, other rules say. */
function hostsIn(text: string): readonly string[] {
  const parts = [
    ...[...text.matchAll(AUTHORITY)].flatMap(([, scheme = '', authority = '']) =>
      /^s3[an]?$/i.test(scheme) ? [] : eitherWay(authority),
    ),
    ...[...text.matchAll(THIN)].flatMap(([, hosts = '']) => [hosts]),
    ...[...text.matchAll(TOLD)].flatMap(([, hosts = '']) => [hosts]),
  ];
  return parts.flatMap((hosts) => hosts.split(',')).flatMap((one) => listed(one.slice(one.lastIndexOf('@') + 1)));
}

/**
 * The attacker writes `https://api.example.com;@evil.example`, which is their host for all who go by the standard, or
 * the same with a backslash, of which those who read addresses think differently. Either is one that it leads to.
 */
function eitherWay(authority: string): readonly string[] {
  const behind = authority.slice(authority.lastIndexOf('@') + 1);
  return [authority, behind].flatMap((one) => one.split(ENDS, 1));
}

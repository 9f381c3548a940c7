import type { Json } from '../../../../../src/kernel/digest.ts';
import { type Finding, finding } from '../finding.ts';
import { namesIn, textsIn } from './named-things.ts';
import { labelOf, named, type Place, sayVerdict } from './place.ts';

/** ARNs that name an account, anywhere in a text: also within another one, as API Gateway names a function. */
const ARN = /\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):/g;
/** A host, or several, after a scheme as JDBC and the like write it, with a port, and with what variables stand for. */
const URL_HOST = /[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\s"']*@)?([^/?#;\\\s"',<>]+)/gi;
/** A host without a scheme: `api.example.com`, `api.example.com:8443/v1`. */
const BARE_HOST = /^((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?)(?:[/?#]|$)/i;

/** Steps of which one says that an account's number is meant. A number of twelve digits may be a time or a count. */
const ACCOUNT_STEP = /account|registry|owner|principal|publisher|payer|member/i;
/** A property whose name says that it leads somewhere. */
const LEADS = /(host|hostname|backend|endpoint|server|servername|url|uri|target|origin|upstream)$/i;

/**
 * Where it passes on what callers send, or sends what it has. The attacker has an API pass on its callers' tokens to a
 * host of theirs, or a function of theirs, and answer as before. What the template takes from itself is its own.
 */
export function passesOn(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (place.resource.isNew || after === undefined) return [];
  const { ownBefore, ownAfter } = place.resource;
  const was = namesIn(before, place.before, ownBefore).map(({ name }) => name);
  const led = namesIn(after, place.after, ownAfter).filter(
    ({ name, isOwn }) => !isOwn && (name === undefined || !was.includes(name)),
  );
  const hosts = new Set(was.flatMap((name) => hostsIn(name ?? '')));
  const isElsewhere = ({ name }: { readonly name?: string }) => {
    if (name === undefined) return true;
    if (/^arn:aws/.test(name)) return false;
    const found = hostsIn(name);
    return found.length === 0 || found.some((host) => !hosts.has(host));
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
  return [...ofOthers(before, after, place), ...mayPassOn(before, after, place)];
}

/** The same of hosts alone, where a text may name one. A new resource sent nothing before. */
export function mayPassOn(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (place.resource.isNew) return [];
  const was = new Set(placed(before, place.before).flatMap(hostsOf));
  const isOther = placed(after, place.after).some((one) => hostsOf(one).some((host) => !was.has(host)));
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
  const named = [...text.matchAll(ARN)].map(([, account = '']) => account);
  const isNumber = /^\d{12}$/.test(text) && steps.some((step) => ACCOUNT_STEP.test(step));
  return isNumber ? [text, ...named] : named;
}

function hostsOf({ text, steps }: Text): readonly string[] {
  const isNamed = LEADS.test(steps.findLast((step) => !/^\d+$/.test(step)) ?? '');
  return isNamed ? hostsIn(text) : urlHostsIn(text);
}

function hostsIn(text: string): readonly string[] {
  const bare = BARE_HOST.exec(text)?.[1]?.toLowerCase();
  return bare === undefined ? urlHostsIn(text) : [bare];
}

/** A bucket's name is no host: whose it is, other rules say. */
function urlHostsIn(text: string): readonly string[] {
  return [...text.matchAll(URL_HOST)].flatMap(([url, host = '']) =>
    /^s3[an]?:/i.test(url) ? [] : [host.toLowerCase()],
  );
}

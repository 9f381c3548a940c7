import type { Json } from '../../../../../src/kernel/digest.ts';
import { jsonPointer } from '../../../../ports/json-pointer.ts';
import { madeBy, namesOfMember } from '../../../../ports/made-names.ts';
import { type Finding, finding } from '../finding.ts';
import { isAddress, looksIn, type Named, namesIn } from './named-things.ts';
import { named, type Place, sayVerdict } from './place.ts';

type Find = typeof namesIn;

/**
 * What it acts on. The attacker makes a stack of its own and names another's listener, group or queue in it: whatever
 * the template doesn't take from itself is another's, and to act on it is an interruption for all that is known.
 */
export function acts(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { was, is } = namedIn(namesIn, before, after, place);
  return [...foreign(was, is).map((one) => actsOn(one, place)), ...missed(was, is, place)];
}

/**
 * ARNs that name something to be done instead of a thing: by an alarm, a scheduler, a rule, a document of Systems
 * Manager. What ends or deletes says so in its name; any other may interrupt.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
const ENDING_ACTION =
  /^arn:aws[a-z-]*:(automate|swf|scheduler|ssm|events:[a-z0-9-]*:\d{12}:target\/).*(terminat|delet|purg|remov|destroy|deregister)/i;

function actsOn(one: Named, { resource: { account } }: Place): Finding {
  const { name = '' } = one;
  if (ENDING_ACTION.test(name)) return finding('delete', `ends or deletes what it acts on, by ${shown(one)}`);
  const whose = isHost(name) ? 'of someone outside' : isOfOthers(name, account) ? 'of another account' : undefined;
  if (whose === undefined) return finding('disrupt', `acts on ${shown(one)}`);
  return finding('expose', `acts on ${shown(one)}, ${whose}, who gets what it hands on`);
}

/** `arn:partition:service:region:account:…` */
const ACCOUNT_IN_ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):/;

/**
 * Does its ARN say that another account has it? What goes there others read. The attacker has an account of their own,
 * and has the logs of the stack sent to it.
 */
function isOfOthers(name: string, account: string | undefined): boolean {
  const theirs = ACCOUNT_IN_ARN.exec(name)?.[1];
  return theirs !== undefined && theirs !== account;
}

/** An API destination of EventBridge stands for a host outside of AWS. */
function isHost(name: string): boolean {
  return /^https?:\/\/|^arn:aws[a-z-]*:events:[a-z0-9-]*:\d{12}:api-destination\//i.test(name);
}

/**
 * To where it writes. The attacker has the stack's stream, log or report go to a bucket or topic that they may read; as
 * whose it counts, `acts` says. Entries of a list have no place of their own: what another one of them named before
 * isn't new, and one more of them isn't another.
 */
export function writesTo(after: Json | undefined, place: Place): readonly Finding[] {
  const { resource } = place;
  const [property = ''] = place.after;
  if (resource.isNew) return [];
  const was = namesIn(resource.before?.[property], [property], resource.ownBefore);
  const all = namesIn(resource.after?.[property], [property], resource.ownAfter);
  const isBeside = (one: Named) => (other: Named) => isAlike(one.steps, other.steps);
  const gone = was.filter((one) => !all.some((other) => isSame(one, other) && isBeside(one)(other)));
  return namesIn(after, place.after, resource.ownAfter)
    .filter((one) => foreign(was.filter(isBeside(one)), [one]).length > 0 && gone.some(isBeside(one)))
    .map((one) => finding('expose', `hands on to ${shown(one)}, and no longer where it did: who has that gets it`));
}

/** The same place, but for which entry of a list it is in. */
function isAlike(left: readonly string[], right: readonly string[]): boolean {
  const shape = (steps: readonly string[]) => steps.map((step) => (/^\d+$/.test(step) ? '*' : step)).join('/');
  return shape(left) === shape(right);
}

const TAKING = /^AWS::(Lambda::EventSourceMapping|Pipes::Pipe)$/;
const SOURCES = ['/EventSourceArn', '/Source'];
const QUEUE = /^arn:aws[a-z-]*:(sqs|mq):/;

/**
 * From where it takes what comes. A stream gives the same to each of its readers; what is taken out of a queue is gone
 * for those who took it before. The attacker adds a function of their own that only reads the stack's queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function takes(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { isNew, id, ownAfter, added, resources } = place.resource;
  const { was, is } = namedIn(namesIn, before, after, place);
  const others = foreign(was, is).map((one) =>
    one.name === undefined || QUEUE.test(one.name)
      ? finding('delete', `takes from ${shown(one)}: what it takes out of a queue is gone for others`)
      : actsOn(one, place),
  );
  const own = isNew ? is.flatMap(({ steps }) => ownAfter.get(jsonPointer(steps)) ?? []) : [];
  const isReadBy = (queue: string) => (other: string) =>
    other !== id &&
    !added.has(other) &&
    TAKING.test(resources[other]?.type ?? '') &&
    SOURCES.some((at) => resources[other]?.own_values?.get(at)?.includes(queue));
  const shared = [...new Set(own)].flatMap((one) => {
    if (added.has(one)) return [];
    const readers = resources[one]?.type === 'AWS::SQS::Queue' ? Object.keys(resources).filter(isReadBy(one)) : [];
    return readers.length > 0
      ? [
          finding(
            'delete',
            `takes from ${named(one)} what ${readers.map((reader) => named(reader)).join(', ')} would get`,
          ),
        ]
      : [finding('disrupt', `takes effect on ${named(one)}, which is there already`)];
  });
  return [...others, ...missed(was, is, place), ...shared];
}

/**
 * What it changes of the template's own by being there. The attacker asks for a change that only adds: a rule that
 * takes all requests, a zone that hides the names of others.
 */
export function affects(after: Json | undefined, place: Place): readonly Finding[] {
  const { isNew, ownAfter, added } = place.resource;
  if (!isNew) return [];
  const owners = namesIn(after, place.after, ownAfter).flatMap(({ steps }) => ownAfter.get(jsonPointer(steps)) ?? []);
  return [...new Set(owners)]
    .filter((id) => !added.has(id))
    .map((id) => finding('disrupt', `takes effect on ${named(id)}, which is there already`));
}

function missed(was: readonly Named[], is: readonly Named[], place: Place): readonly Finding[] {
  const lost = was.filter((one) => !is.some((other) => isSame(one, other)));
  return lost.length > 0 && !place.resource.isNew ? sayVerdict(place, 'disrupt', 'no longer names what it did') : [];
}

/** `arn:aws:sns:region:account:name`: nothing can be done to a topic by its ARN but to send it a message. */
const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:(\d{12}):[\w-]{1,256}(\.fifo)?$/;

/**
 * Whom it tells what happens. A topic of the same account gets a message more, which ends or changes nothing there;
 * whose it is decides all the same where that counts. The attacker who names production's topic to set off what listens
 * to it is held as production; one in another account would be told what happens here.
 */
export function notifies(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { was, is } = namedIn(namesIn, before, after, place);
  const { account } = place.resource;
  const isTold = ({ name = '' }: Named) => account !== undefined && TOPIC.exec(name)?.[1] === account;
  const lost = missed(was, is, place);
  return [
    ...foreign(was, is).flatMap((one) => (isTold(one) ? [] : [actsOn(one, place)])),
    ...(lost.length > 0 ? sayVerdict(place, 'weaken', 'no longer tells, or does, what it did') : []),
  ];
}

/**
 * Who is told what a topic tells. An address or phone number is nobody's thing in AWS, and nothing is done to it, but
 * someone outside gets what is said from then on. The attacker adds an address of theirs to the team's topic. Of a
 * topic that is as new nothing was told yet.
 */
export function tells(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { was, is } = namedIn(namesIn, before, after, place);
  const told = (one: Named) => (isNewTopic(place) ? [] : [finding('expose', `tells ${shown(one)}`)]);
  return [
    ...foreign(was, is).flatMap((one) => (isAddress(one.name) ? told(one) : [actsOn(one, place)])),
    ...missed(was, is, place),
  ];
}

function isNewTopic({ resource: { isNew, type, names, added } }: Place): boolean {
  if (type === 'AWS::SNS::Topic') return isNew;
  const made = madeBy(namesOfMember(names, 'TopicArn'));
  const isTopic = made?.every((one) => one.type === 'AWS::SNS::Topic' && added.has(one.logical_id));
  return isNew && isTopic === true;
}

const IDENTITY = /^arn:aws[a-z-]*:iam::\d{12}:(role|instance-profile|user)\//;

/** The same in a value of which nobody said what it is: what looks like an ARN or an id. */
export function actsByLook(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { was, is } = namedIn(looksIn, before, after, place);
  return foreign(was, is).map((one) =>
    IDENTITY.test(one.name ?? '')
      ? finding('expose', `may act as ${shown(one)}`)
      : { ...actsOn(one, place), why: `may act on ${shown(one)}` },
  );
}

/**
 * What it copies. The attacker restores production's snapshot into a database with a password of its own: that is to
 * read what is in it, though nothing there changes.
 */
export function reads(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const { was, is } = namedIn(namesIn, before, after, place);
  return foreign(was, is).map((one) => finding('expose', `reads what is in ${shown(one)}`));
}

export function namedIn(find: Find, before: Json | undefined, after: Json | undefined, place: Place) {
  const { ownBefore, ownAfter } = place.resource;
  return { was: find(before, place.before, ownBefore), is: find(after, place.after, ownAfter) };
}

/** Names that weren't there before, and aren't the template's own. */
export function foreign(was: readonly Named[], is: readonly Named[]): readonly Named[] {
  return is.filter((one) => !one.isOwn && !was.some((other) => one.name !== undefined && other.name === one.name));
}

/** One of the template's own whose name only the execution tells is what was its own there before. */
function isSame(was: Named, is: Named): boolean {
  if (was.name !== undefined && was.name === is.name) return true;
  return was.isOwn && is.isOwn && is.name === undefined && was.steps.join('/') === is.steps.join('/');
}

/** Tags, and values by which targets are chosen: whatever has them is acted on. */
const PICKS = /(^|\.)(TargetTags\.\d+\.Value|Targets\.\d+\.Values\.\d+)$/;

export function isPick(steps: readonly string[]): boolean {
  return PICKS.test(steps.join('.'));
}

export function shown({ name, steps }: Omit<Named, 'isOwn'>): string {
  const what = name === undefined ? 'something whose name is hidden, or known only afterwards' : named(name);
  return `${isPick(steps) ? `what ${what} picks out` : what}, which may be outside its stack (${named(steps.join('.'), 80)})`;
}

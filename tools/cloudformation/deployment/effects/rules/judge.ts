import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Rule, Rules } from '../../../knowledge/language.ts';
import type { Finding } from '../finding.ts';
import { member, same } from '../resource-settings.ts';
import { acts, actsByLook, affects, notifies, reads, takes, tells, writesTo } from './acts.ts';
import { actsAs } from './acts-as.ts';
import { admits } from './admits.ts';
import { ages } from './ages.ts';
import { isAmongNew } from './among.ts';
import { answers } from './answers.ts';
import { byOrder, byValue, ends, isOneChanged, isOneGiven, leaves, settled, unsaid } from './choices.ts';
import { code, guards, instructs, secret, steers, tags, told } from './contents.ts';
import { gates } from './gates.ts';
import { graphQl } from './graphql.ts';
import { network } from './network.ts';
import { counted, threshold } from './numbers.ts';
import { openApi } from './open-api.ts';
import { elsewhere, mayPassOn, ofOthers, passesOn } from './passes-on.ts';
import { permits } from './permits.ts';
import { labelOf, type Place, sayVerdict, unjudged } from './place.ts';
import { linesIn } from './reading.ts';
import { schedule } from './schedule.ts';
import { selects } from './selects.ts';
import { serves } from './serves.ts';
import { sifts } from './sifts.ts';
import { stops } from './stops.ts';
import { freeKeys, isReordered, list, members } from './structures.ts';
import { endangers, fences, opens, protects, runs } from './switches.ts';

/**
 * What the rules for a value say of its change, all of them together. Undefined is absent. Of a new resource also what
 * it leaves out is judged: AWS's default may be open.
 * @param rules undefined: nobody wrote any down
 */
export function judge(
  rules: Rules | undefined,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
): readonly Finding[] {
  const changes = !same(before, after);
  if (!changes && !place.resource.isNew) return [];
  // A tie that is made new by a property of which nobody said what it does.
  if (rules === 'replaces' && changes && place.resource.isReplaced && place.resource.isTie)
    return sayVerdict(place, 'replace');
  if (rules === undefined)
    return changes ? [...unjudged(place), ...actsByLook(before, after, place), ...elsewhere(before, after, place)] : [];
  const all = [rules].flat() as readonly Rule[];
  const found = all.flatMap((rule) => ofRule(rule, before, after, place));
  if (all.every((rule) => rule === 'modify')) return [...found, ...ofOthers(before, after, place)];
  return all.every((rule) => isPlain(rule, place)) ? [...found, ...elsewhere(before, after, place)] : found;
}

/** Words that say themselves whose it is that a value names, or whom it lets in. */
const SAYS_WHOSE: ReadonlySet<string> = new Set([
  ...['acts', 'acts-as', 'takes', 'affects', 'notifies', 'tells', 'reads', 'may-act', 'passes-on', 'may-pass-on'],
  ...['code', 'steers', 'instructs', 'guards', 'permits', 'admits', 'network', 'openapi', 'graphql', 'tags'],
]);
/** Rules within which others stand, that are asked then. */
const WRAPS = ['among', 'given', 'unless_changed', 'standing', 'lasting', 'stated', 'shared', 'acting', 'lines'];
const HOLDS = ['members', 'unordered', 'each', 'keys'];

/** Does a rule look at a value alone, and not at what it names? One that is silent of something new does, too. */
function isPlain(rule: Rule, { resource }: Place): boolean {
  if (typeof rule === 'string') return !SAYS_WHOSE.has(rule);
  if ('standing' in rule && resource.isNew) return !saysWhose(rule.standing);
  if ('among' in rule && isAmongNew(rule.among, resource)) return !saysWhose(rule.otherwise);
  if ('acting' in rule) return !saysWhose(rule.acting);
  return ![...WRAPS, ...HOLDS].some((word) => word in rule);
}

/** At any depth. */
function saysWhose(rules: unknown): boolean {
  if (typeof rules !== 'object' || rules === null) return SAYS_WHOSE.has(String(rules));
  return Object.values(rules).some(saysWhose);
}

function ofRule(rule: Rule, before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (typeof rule !== 'object') return ofWord(rule, before, after, place);
  if ('updates_by' in rule) return updatesBy(rule, place);
  if ('among' in rule) return isAmongNew(rule.among, place.resource) ? [] : judge(rule.otherwise, before, after, place);
  if ('number' in rule) return counted(rule.number, before, after, place, rule);
  if ('settled' in rule) return settled(rule.settled, before, place);
  if ('ends' in rule) return ends(rule.ends, before, after, place);
  if ('given' in rule) return judge(isOneGiven(rule.given, place) ? rule.is : rule.otherwise, before, after, place);
  if ('unless_changed' in rule)
    return isOneChanged(rule.unless_changed, place) ? [] : judge(rule.otherwise, before, after, place);
  if ('standing' in rule) return place.resource.isNew ? [] : judge(rule.standing, before, after, place);
  if ('lasting' in rule) return forGood(place, judge(rule.lasting, before, after, place));
  if ('stated' in rule)
    return before === undefined && after === undefined ? [] : judge(rule.stated, before, after, place);
  if ('shared' in rule) return judge(rule.other, unshared(rule.shared, before), unshared(rule.shared, after), place);
  if ('unsaid' in rule) return unsaid(rule, after, place);
  if ('acting' in rule) return acting(rule, before, after, place);
  if ('selects' in rule) return selects(rule, before, after, place);
  if ('leaves' in rule) return leaves(rule, before, after, place);
  if ('values' in rule) return byValue(rule, before, after, place);
  if ('order' in rule) return byOrder(rule, before, after, place);
  if ('flow' in rule) return gates(rule.flow, before, after, place);
  if ('lines' in rule) return judge(rule.lines, ...linesIn(before, after), place);
  if ('members' in rule) return members(rule, before, after, place, judge);
  if ('unordered' in rule) return isReordered(before, after) ? [] : judge(rule.unordered, before, after, place);
  if ('each' in rule) return list(rule, before, after, place, judge);
  return freeKeys(rule, before, after, place, judge);
}

/** Also what it leaves out: AWS's default does it, too. */
function acting(
  { acting: rules }: Extract<Rule, { readonly acting: unknown }>,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
): readonly Finding[] {
  const there = { ...place, resource: { ...place.resource, isNew: false } };
  return [rules].flat().flatMap((rule) => ofRule(rule as Rule, before, after, there));
}

/** What an update does to it is written beside its properties. */
function updatesBy(rule: Extract<Rule, { readonly updates_by: string }>, place: Place): readonly Finding[] {
  const isOn = String(member(place.resource.updatePolicy, rule.updates_by)) === 'true';
  return isOn ? [] : sayVerdict(place, rule.otherwise, `changes without ${rule.updates_by} in its UpdatePolicy`);
}

/** Called so where it harms nobody, too: storage that is more can't be made less again. */
function forGood(place: Place, found: readonly Finding[]): readonly Finding[] {
  if (found.length > 0) return found.map((one) => ({ ...one, recoverable: false }));
  const why = `the old template doesn't put ${labelOf(place)} back`;
  return place.resource.isNew ? [] : [{ effect: 'modify', why, recoverable: false }];
}

function unshared(shared: readonly string[], value: Json | undefined): Json | undefined {
  return typeof value === 'string' && shared.includes(value) ? undefined : value;
}

function ofWord(
  word: Extract<Rule, string>,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
): readonly Finding[] {
  switch (word) {
    case 'modify':
    case 'uses':
      return [];
    case 'disrupt':
    case 'expose':
    case 'weaken':
    case 'replace':
    case 'delete':
      return same(before, after) ? [] : sayVerdict(place, word);
    case 'rolls':
      return place.resource.keepsMembers ? [] : sayVerdict(place, 'replace');
    case 'replaces':
      return place.resource.isNew || place.resource.isReplaced ? [] : unjudged(place);
    case 'protects':
    case 'protects-by-default':
      return protects(before, after, place, word !== 'protects');
    case 'endangers':
    case 'endangers-by-default':
      return endangers(before, after, place, word !== 'endangers');
    case 'runs':
    case 'runs-by-default':
      return runs(before, after, place, word !== 'runs');
    case 'opens':
    case 'opens-by-default':
      return opens(before, after, place, word !== 'opens');
    case 'fences':
    case 'fences-by-default':
      return fences(before, after, place, word !== 'fences');
    case 'retains':
    case 'expires':
    case 'capacity':
    case 'limits':
    case 'throttles':
    case 'delays':
    case 'waits':
      return counted(word, before, after, place);
    case 'threshold':
      return threshold(before, after, place);
    case 'secret':
      return secret(place);
    case 'code':
      return code(after, place);
    case 'serves':
      return serves(before, after, place);
    case 'guards':
      return guards(before, after, place);
    case 'steers':
      return [...told(before, after, place), ...steers(place)];
    case 'instructs':
      return instructs(after, place);
    case 'passes-on':
      return passesOn(before, after, place);
    case 'may-pass-on':
      return mayPassOn(before, after, place);
    case 'stops':
      return same(before, after) ? [] : stops(place);
    case 'tags':
      return tags(before, after, place);
    case 'acts':
      return acts(before, after, place);
    case 'writes-to':
      return writesTo(after, place);
    case 'takes':
      return takes(before, after, place);
    case 'affects':
      return affects(after, place);
    case 'answers':
      return answers(place);
    case 'notifies':
      return notifies(before, after, place);
    case 'schedule':
      return schedule(before, after, place);
    case 'sifts':
      return sifts(before, after, place);
    case 'may-act':
      return actsByLook(before, after, place);
    case 'tells':
      return tells(before, after, place);
    case 'acts-as':
      return actsAs(before, after, place);
    case 'reads':
      return reads(before, after, place);
    case 'permits':
      return permits(before, after, place);
    case 'admits':
      return admits(before, after, place);
    case 'network':
      return network(before, after, place);
    case 'ages':
      return ages(before, after, place);
    case 'openapi':
      return openApi(before, after, place, judge);
    case 'graphql':
      return graphQl(before, after, place);
    default:
      return unjudged(place, word);
  }
}

import type { Impact } from '../../../src/kernel/plan.ts';
import type { Lost, Undo } from '../../../src/kernel/undo.ts';
import type { Stack, TemplateFacts } from '../../ports/cloudformation.ts';
import { isMasked } from '../../ports/masks.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { isGivable } from './keep-stack.ts';
import { lostWith } from './lost.ts';

/**
 * What a call may give as a template, in bytes.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MOST_BYTES = 51_200;

const DEPLOY = 'cloudformation_deploy_stack';

/**
 * How a stack that is deleted could be made again; undefined where its template can't be given in a call, and for one
 * that is nested: alone it would come back as another. (It has no termination protection, or it couldn't be deleted.)
 * @param policy its stack policy, where it has one
 */
export function undoOfDeletion(
  stack: Stack,
  template: TemplateFacts,
  policy: string | undefined,
  impact: readonly Impact[],
): Undo | undefined {
  if (template.bytes > MOST_BYTES || stack.parent_id !== undefined) return undefined;
  const givable = policy !== undefined && isGivable(policy);
  return {
    by: [DEPLOY, ...(givable ? ['cloudformation_set_stack_policy'] : [])],
    lost: ofStack(stack, [
      NEW_IDS,
      ...byHand('notification topic', stack.notification_arns),
      ...byHand('rollback trigger', stack.rollback_triggers),
      ...(stack.role_arn === undefined ? [] : [`its service role ${stack.role_arn}: a person gives it again`]),
      ...(policy === undefined || givable ? [] : ['its stack policy, which reads like a secret: it is in the kit']),
      ...elsewhere(template),
      ...tagsLost(stack),
    ]).concat(impact.flatMap((line) => lostBy(line, STAYS))),
    needs: [...template.no_echo_parameters].sort(),
  };
}

/**
 * How a deployment could be taken back, by deploying what the stack runs now; undefined where that is what it would run
 * anyhow, and only what it looks up elsewhere is another.
 * @param given what the call gives
 */
export function undoOfUpdate(
  stack: Stack,
  { present, future }: { readonly present: TemplateFacts; readonly future: TemplateFacts },
  given: { readonly parameters?: Readonly<Record<string, string>>; readonly tags?: object },
  impact: readonly Impact[],
): Undo | undefined {
  const { parameters = {}, tags } = given;
  const same = present.sha256 === future.sha256 && Object.keys(parameters).length === 0 && tags === undefined;
  // What the stack around gave to a nested one may be hidden, and nothing in its own template says so.
  if (present.bytes > MOST_BYTES || same || stack.parent_id !== undefined) return undefined;
  const gone = (name: string) =>
    !future.parameters.includes(name) || (Object.hasOwn(parameters, name) && !isMasked(parameters[name] ?? ''));
  const [needs, kept] = [present.no_echo_parameters.filter(gone), present.no_echo_parameters.filter((n) => !gone(n))];
  return {
    by: [DEPLOY],
    lost: ofStack(stack, [
      'what was changed by hand, where this writes over it',
      ...(kept.length === 0 ? [] : [`${kept.sort().join(', ')}: the values are those that it has by then`]),
      ...elsewhere(present),
      ...tagsLost(stack),
    ]).concat(impact.flatMap((line) => lostBy(line, UNTOLD))),
    needs: needs.sort(),
  };
}

/** What a stack has beside its template, and no call gives. */
function byHand(what: string, { length } = NONE): readonly string[] {
  if (length === 0) return [];
  return [
    `its ${what}${length === 1 ? '' : `s, ${length} of them`}: a person sets ${length === 1 ? 'it' : 'them'} again, from the kit`,
  ];
}

const NONE: readonly string[] = [];

const NEW_IDS =
  'ids, and ARNs and addresses with a part of their own: who uses the old ones outside the stack has to be told the new ones';
const UNTOLD = 'whether it becomes as it was can not be told: compare it with the kit';
const STAYS =
  'it stays: a second one is made beside it, or, where its name is fixed, none, and the whole fails until it is imported or removed';

/** Of a stack's own lines, each is about what isn't any resource's. */
function ofStack({ stack_id }: Stack, why: readonly string[]): Lost[] {
  return why.map((text) => ({ resource: stack_id, type: NESTED_STACK, why: text }));
}

/** What a template only points to is what is there by then. */
function elsewhere({ nested, looked_up_parameters, secret_reads, transforms }: TemplateFacts): readonly string[] {
  const macros = transforms.filter((name) => !name.startsWith('AWS::'));
  return [
    ...(nested.length > 0 ? ['nested stacks come from what is at the addresses of their templates by then'] : []),
    ...(looked_up_parameters.length + secret_reads.length > 0
      ? ['values that it looks up elsewhere are those of then']
      : []),
    ...(macros.length > 0 ? [`what ${macros.join(', ')} makes of it by then, where that may run at all`] : []),
  ];
}

/** A tag that reads like a secret is taken by no tool. */
function tagsLost({ tags }: Stack): readonly string[] {
  const hidden = Object.entries(tags).flatMap(([key, value]) => (isMasked(value) ? [key] : []));
  return hidden.map((key) => `its tag ${key}, which reads like a secret: it is in the kit`);
}

/** @param kept what is to be said of a line that takes a protection away */
function lostBy({ resource, type, effect, recoverable }: Impact, kept: string): readonly Lost[] {
  switch (effect) {
    case 'delete':
    case 'replace':
      // Of a nested stack its resources have lines of their own.
      if (type === NESTED_STACK) return [];
      return [
        { resource, type, why: recoverable ? `${lostWith(type)}; see the snapshot that is made` : lostWith(type) },
      ];
    case 'weaken':
      return [{ resource, type, why: kept }];
    case 'unknown':
    case 'unjudged':
      return [{ resource, type, why: UNTOLD }];
    default:
      return recoverable ? [] : [{ resource, type, why: UNTOLD }];
  }
}

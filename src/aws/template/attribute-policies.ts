import { Unsure } from '../../../tools/ports/scalars.ts';
import { type Json, stableJson } from '../../kernel/digest.ts';
import { isRecord } from './document.ts';
import { isLiteral } from './own-names.ts';
import type { Workings } from './worked-out.ts';

/**
 * An `UpdatePolicy` or `CreationPolicy`; `null` stands for what can't be worked out. What it takes from a resource of
 * its own template is the same wherever it is written the same, and stands as it is written.
 * @param workings undefined: nobody gave what values are worked out with
 */
export function attributePolicy(
  from: unknown,
  resources: Readonly<Record<string, unknown>>,
  workings: Workings | undefined,
): Json | undefined {
  const within = (value: unknown) => attributePolicy(value, resources, workings);
  if (Array.isArray(from)) return from.map(within).filter((one) => one !== undefined);
  if (from instanceof Unsure) return null;
  if (!isRecord(from)) return from as Json | undefined;
  if (isLiteral(from)) {
    const members = Object.entries(from).map(([name, value]) => [name, within(value)] as const);
    return Object.fromEntries(members.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  }
  const [[name = '', argument] = [], ...more] = Object.entries(from);
  if (more.length > 0) return null;
  if (isOfResource(name, argument, resources)) return stableJson(from as Json);
  if (name !== 'Fn::If') return workings ? workings.value(from) : null;
  const [condition, ...branches] = Array.isArray(argument) ? argument : [];
  const holds = branches.length === 2 ? workings?.holds(condition) : undefined;
  return holds === undefined ? null : within(branches[holds ? 0 : 1]);
}

function isOfResource(name: string, argument: unknown, resources: Readonly<Record<string, unknown>>): boolean {
  const [id] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  return (name === 'Ref' || name === 'Fn::GetAtt') && typeof id === 'string' && Object.hasOwn(resources, id);
}

import { type MadeName, madeBy, type NameTree, namesOfItems, namesOfMember } from '../../../../ports/made-names.ts';
import { isOff } from '../resource-settings.ts';
import type { Subject } from '../rules/place.ts';
import { ROLE } from './read-types.ts';
import { isActing } from './services.ts';

/**
 * Does only the template's own code get what a policy says? Those who get it are roles of the template: new ones, whose
 * trust has a line of its own, or such as a single reviewed service may be. A role that is there may be someone's in
 * another account, and a user is a person, to whom more of the template's own things is more.
 */
export function isForOwnCode(resource: Subject): boolean {
  const { id, type, after, names, resources } = resource;
  const { Users: users, Groups: groups, Roles: roles, RoleName: role } = after ?? {};
  if (!isOff(users) || !isOff(groups)) return false;
  const list = roles === undefined ? [] : Array.isArray(roles) ? roles : [roles];
  const given = namesOfItems(namesOfMember(names, 'Roles'), list.length).map(madeBy);
  const named = role === undefined ? given : [...given, madeBy(namesOfMember(names, 'RoleName'))];
  const isOurs = (logical_id: string) => isOwnCode(logical_id, resource);
  const isOwnRole = ({ type: kind, logical_id, attribute, prefix, rest }: MadeName) =>
    kind === ROLE && attribute === undefined && prefix === '' && rest === '' && isOurs(logical_id);
  return named.every((one) => one?.every(isOwnRole) === true) && (type !== MANAGED || isHeldBy(isOurs, id, resources));
}

/** A role of the template that is new, or that a single reviewed service may be. @param id its logical id */
export function isOwnCode(id: string, { resources, added }: Pick<Subject, 'resources' | 'added'>): boolean {
  if (added.has(id)) return true;
  const [service, ...more] = (Object.hasOwn(resources, id) && resources[id]?.trusted_services) || [];
  return service !== undefined && more.length === 0 && isActing(service);
}

/**
 * Does nobody but these roles name a managed policy? What a role's list of policies is worked out to isn't told, nor
 * what a user's or group's is: each that the template has may hold it.
 */
function isHeldBy(isOurs: (role: string) => boolean, id: string, resources: Subject['resources']): boolean {
  return Object.entries(resources).every(([holder, { type, made_names }]) => {
    if (type === ROLE) return isOurs(holder);
    return !OTHERS.test(type) && !namesIn(made_names).has(id);
  });
}

const MANAGED = 'AWS::IAM::ManagedPolicy';
const OTHERS = /^AWS::(IAM::(Group|User)|SSO::PermissionSet)$/;

export function namesIn(tree: NameTree | undefined): ReadonlySet<string> {
  if (!tree) return new Set();
  if ('names' in tree) return new Set(tree.names.map(({ logical_id }) => logical_id));
  const within = 'items' in tree ? tree.items.map((item) => item.within) : Object.values(tree.members);
  return new Set(within.flatMap((one) => [...namesIn(one)]));
}

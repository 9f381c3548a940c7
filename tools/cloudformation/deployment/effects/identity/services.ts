import type { Json } from '../../../../../src/kernel/digest.ts';
import { ACTING_SERVICES, REGIONAL_SERVICES } from '../../../knowledge/identity/services.ts';
import { type Principal, type Statement, statementsOf } from './statements.ts';

/** The reviewed service that may be a role, where nobody else may: `lambda`. */
export function onlyService(trust: Json | undefined): string | undefined {
  const statements = statementsOf(trust) ?? [];
  const [first] = allowing(statements).flatMap(({ principals }) => principals?.names ?? []);
  return first && letsOneServiceIn(statements) ? serviceOf(first.text) : undefined;
}

/** A service that a denial names may not be the role: what is harmless for it says nothing of those who may. */
function allowing(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ effect }) => effect === 'Allow');
}

/** Is it a role's trust in a single reviewed service, and in nobody else? */
export function letsOneServiceIn(statements: readonly Statement[]): boolean {
  const allowed = allowing(statements);
  const who = new Set(allowed.flatMap(({ principals }) => principals?.names ?? []).map(({ text }) => text));
  return who.size === 1 && allowed.every(letsServiceIn);
}

function letsServiceIn(statement: Statement): boolean {
  const { principals } = statement;
  return isAssuming(statement) && !!principals && !principals.not && principals.names.every(isActingService);
}

export function isAssuming({ actions, resources }: Statement): boolean {
  return !actions.not && !resources && actions.names.every(({ text }) => text === 'sts:assumerole');
}

function isActingService({ kind, text }: Principal): boolean {
  return kind === 'Service' && isActing(text);
}

export function isActing(service: string): boolean {
  return ACTING_SERVICES.has(serviceOf(service));
}

/** `lambda`, of `lambda.amazonaws.com`; empty for what is no service of AWS. */
export function serviceOf(principal: string): string {
  const [, service = ''] = /^([a-z0-9.-]+)\.amazonaws\.com$/.exec(principal) ?? [];
  const [, name = '', region] = /^(.+)\.([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(service) ?? [];
  return region !== undefined && REGIONAL_SERVICES.has(name) ? name : service;
}

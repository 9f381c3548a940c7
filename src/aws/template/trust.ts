import { subParts } from '../../../tools/ports/substitution.ts';
import { isRecord, record } from './document.ts';

const OF_STATEMENT: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Action', 'Principal', 'Condition']);

/**
 * The services that may be a role, by its trust as the template writes it; undefined where it lets in anything else, or
 * where what it says isn't written out. Denials only take away.
 */
export function trustedServices(properties: unknown): readonly string[] | undefined {
  const { Statement: given, ...more } = record(record(properties).AssumeRolePolicyDocument);
  if (!Object.keys(more).every((key) => key === 'Version' || key === 'Id')) return undefined;
  const statements = Array.isArray(given) ? given : [given];
  const services = statements.filter((one) => record(one).Effect !== 'Deny').map(servicesOf);
  return services.length > 0 && services.every((one) => one !== undefined)
    ? [...new Set(services.flatMap((one) => one ?? []))]
    : undefined;
}

function servicesOf(statement: unknown): readonly string[] | undefined {
  if (!isRecord(statement) || !Object.keys(statement).every((key) => OF_STATEMENT.has(key))) return undefined;
  const { Effect, Action, Principal } = statement;
  const actions = [Action].flat();
  const isAssuming = actions.length > 0 && actions.every((one) => String(one).toLowerCase() === 'sts:assumerole');
  const { Service, ...others } = record(Principal);
  const texts = [Service].flat().map(textOf);
  if (Effect !== 'Allow' || !isAssuming || Object.keys(others).length > 0 || texts.length === 0) return undefined;
  return texts.every((text) => text !== undefined) ? texts.flatMap((text) => text ?? []) : undefined;
}

/** CDK writes `ec2.` and `AWS::URLSuffix`. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { 'Fn::Sub': pattern, 'Fn::Join': join } = record(value);
  if (typeof pattern === 'string') return amazon(pattern);
  const [between, parts] = Array.isArray(join) ? join : [];
  if (between !== '' || !Array.isArray(parts) || parts.length !== 2 || record(parts[1]).Ref !== 'AWS::URLSuffix')
    return undefined;
  return typeof parts[0] === 'string' ? `${parts[0]}amazonaws.com` : undefined;
}

function amazon(pattern: string): string | undefined {
  const [name, suffix, ...more] = subParts(pattern);
  const isAmazons = suffix?.kind === 'variable' && suffix.text === 'AWS::URLSuffix' && more.length === 0;
  return isAmazons && name?.kind === 'text' && /^[\w.-]+\.$/.test(name.text) ? `${name.text}amazonaws.com` : undefined;
}

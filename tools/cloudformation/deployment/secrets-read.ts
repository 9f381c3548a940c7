import { sha256, stableJson } from '../../../src/kernel/digest.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { TemplateFacts } from '../../ports/cloudformation.ts';
import { type SecretRead, secretReadsIn, unmarked } from '../../ports/secret-reads.ts';
import type { Unkept } from './effects/lost-secrets.ts';
import { named } from './effects/rules/place.ts';
import type { Level } from './levels.ts';
import type { Reached } from './reached.ts';
import type { StoredDeployment } from './stored.ts';

const TYPES = { secretsmanager: 'AWS::SecretsManager::Secret', 'ssm-secure': 'AWS::SSM::Parameter' } as const;

const EXPOSES = { effect: 'expose', recoverable: true } as const;
/** A template may name one in each of its many texts. */
const SHOWN = 50;

/** What a level reads, by its template, and the outermost one by the values of its parameters too. */
type Reading = Pick<Level, 'path' | 'stack' | 'present' | 'future'> & {
  readonly given?: StoredDeployment['references'];
};

/**
 * Others' secrets that come into what didn't have them: who may look there can read them from then on, as with a role
 * that may read them.
 */
export function secretLines(reading: Reading): readonly Impact[] {
  const added = addedIn(reading);
  const lines = added.slice(0, SHOWN).map((read): Impact => {
    const { service, name, place } = read;
    const [where = '', ...property] = placeOf(reading.path, place).split('.');
    const what = name === '' ? "a secret whose name can't be read here" : `the secret ${named(name)}`;
    const into = property.length > 0 ? `${named(property.join('.'))} gets` : 'gets';
    const detail = `${named(where)}: ${into} ${what}, which this template doesn't make`;
    return { ...EXPOSES, resource: bounded(name || 'unnamed', 2_048, sha256), type: TYPES[service], detail };
  });
  const left = added.length - lines.length;
  if (left === 0) return lines;
  const detail = `${[...reading.path, 'Template'].join('/')}: gets secrets at ${left} more places`;
  return [...lines, { ...EXPOSES, resource: 'more secrets', type: TYPES.secretsmanager, detail }];
}

/** Whose they are counts when they come in. */
export function readSecrets(reading: Reading): readonly Reached[] {
  return addedIn(reading).map(({ service, name, place }) => ({
    ...(name === '' ? {} : { name }),
    type: TYPES[service],
    path: placeOf(reading.path, place),
    by: 'AWS::CloudFormation::Stack',
    how: 'reads',
  }));
}

/**
 * Properties of a resource that took secrets by the template that the stack runs, and read none by the new one; and
 * whether they take a hidden value still.
 */
export function unkeptIn({ present, future }: Pick<Reading, 'present' | 'future'>, id: string): readonly Unkept[] {
  const reading = (facts: TemplateFacts | undefined) =>
    (facts?.secret_reads ?? [])
      .filter(({ place }) => place.startsWith(`Resources/${id}.`))
      .map(({ place }) => place.slice(`Resources/${id}.`.length));
  const taking = (facts: TemplateFacts | undefined) =>
    (facts?.hidden_uses ?? [])
      .filter(({ at, place }) => at === `Resources/${id}` && place.startsWith('Properties.'))
      .map(({ place }) => place.split('.')[1] ?? '');
  const [reads, takes] = [new Set(reading(future)), new Set(taking(future))];
  const isHeld = (name: string) => reads.has(name) || takes.has(name);
  const gone = [
    ...reading(present).filter((name) => !reads.has(name)),
    ...taking(present).filter((name) => !isHeld(name)),
  ];
  return [...new Set(gone)].map((name) => ({ name, is_hidden: takes.has(name) }));
}

function addedIn(reading: Reading): readonly SecretRead[] {
  const { present, stack } = reading;
  const values = stack.parameters.flatMap(({ key, value }) => secretReadsIn(unmarked(value), `Parameters/${key}`));
  const before = new Set([...(present?.secret_reads ?? []), ...values].map((read) => stableJson({ ...read })));
  return readIn(reading).filter((read) => !before.has(stableJson({ ...read })));
}

function readIn({ future, given = {} }: Reading): readonly SecretRead[] {
  const ofParameters = Object.entries(given).flatMap(([key, references]) =>
    references.flatMap((reference) => secretReadsIn(unmarked(reference), `Parameters/${key}`)),
  );
  return [...future.secret_reads, ...ofParameters];
}

/** `Outer/LogicalId`; of what is no resource, where it stands. */
function placeOf(path: readonly string[], place: string): string {
  return [...path, place.replace(/^Resources\//, '')].join('/');
}

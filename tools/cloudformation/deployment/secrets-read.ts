import { sha256, stableJson } from '../../../src/kernel/digest.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import { type SecretRead, secretReadsIn, unmarked } from '../../ports/secret-reads.ts';
import { named } from './effects/rules/place.ts';
import type { Level } from './levels.ts';
import type { Reached } from './reached.ts';
import type { StoredDeployment } from './stored.ts';

const TYPES = { secretsmanager: 'AWS::SecretsManager::Secret', 'ssm-secure': 'AWS::SSM::Parameter' } as const;

/** What a level reads, by its template, and the outermost one by the values of its parameters too. */
type Reading = Pick<Level, 'path' | 'stack' | 'present' | 'future'> & {
  readonly given?: StoredDeployment['references'];
};

/**
 * Others' secrets that come into what didn't have them: who may look there can read them from then on, as with a role
 * that may read them.
 */
export function secretLines(reading: Reading): readonly Impact[] {
  return addedIn(reading).map(({ service, name, place }) => {
    const what = name === '' ? "a secret whose name can't be read here" : `the secret ${named(name)}`;
    return {
      resource: bounded(name || 'unnamed', 2_048, sha256),
      type: TYPES[service],
      effect: 'expose',
      detail: `${named(placeOf(reading.path, place))}: gets ${what}, which this template doesn't make`,
      recoverable: true,
    };
  });
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

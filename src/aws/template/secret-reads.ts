import { MARKS, ownReadsIn, type SecretRead, secretReadsIn, unmarked } from '../../../tools/ports/secret-reads.ts';
import { mayPutIn, subParts } from '../../../tools/ports/substitution.ts';
import { isRecord, record } from './document.ts';
import { identifiersIn } from './loops.ts';
import { newWork, type Piece, piecesOf, type Work } from './made-names.ts';
import { transformsOf } from './transforms.ts';

/**
 * The secrets of others that a template reads by dynamic references, wherever they stand. CloudFormation reads them
 * with the rights of the one who deploys, and puts them where the template says: the attacker puts production's
 * password into a function of its own. One of the template's own counts by its expression alone.
 */
export function secretReads(template: Readonly<Record<string, unknown>>): readonly SecretRead[] {
  const resources = record(template.Resources);
  const work = newWork();
  const isMade = isMadeElsewhere(template);
  const found = placesIn(template).flatMap(([place, value]) => [
    ...textsIn(value, resources, work).flatMap((text) => secretReadsIn(text, place)),
    ...(isMade && hasPutIn(value) ? [{ service: 'secretsmanager', name: '', place } as const] : []),
  ]);
  return [...new Map(found.map((read) => [`${read.place} ${read.service} ${read.name}`, read])).values()];
}

/** Loops, and transforms that aren't AWS's, put into texts what isn't seen there. */
function isMadeElsewhere(template: Readonly<Record<string, unknown>>): boolean {
  return identifiersIn(template) !== undefined || transformsOf(template).some((name) => !name.startsWith('AWS::'));
}

/** May a text be, with what is put in, a reference to another secret than what stands there? */
function hasPutIn(value: unknown): boolean {
  if (typeof value === 'string') return mayPutIn(value) && /\{\{(?!resolve:ssm:)/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => hasPutIn(key) || hasPutIn(inner));
}

/** For one template: what a value reads of secrets that the template makes itself, and whether it reads others. */
export function secretReading(
  template: Readonly<Record<string, unknown>>,
): (value: unknown) => { readonly own: readonly string[]; readonly others: boolean } {
  const resources = record(template.Resources);
  const work = newWork();
  return (value) => {
    const texts = textsIn(value, resources, work);
    return { own: texts.flatMap(ownReadsIn), others: texts.some((text) => secretReadsIn(text, '').length > 0) };
  };
}

/** What is in each property of a resource, and in each part of any other section. */
function placesIn(template: Readonly<Record<string, unknown>>): readonly (readonly [place: string, value: unknown])[] {
  return Object.entries(template).flatMap(([section, parts]) =>
    Object.entries(isRecord(parts) ? parts : { '': parts }).flatMap(([id, part]) => {
      const place = [section, ...(id === '' ? [] : [id])].join('/');
      if (section !== 'Resources' || !isRecord(part)) return [[place, part] as const];
      const { Properties, ...others } = part;
      const properties = isRecord(Properties) ? Properties : { Properties };
      return Object.entries({ ...others, ...properties }).map(([name, value]) => [`${place}.${name}`, value] as const);
    }),
  );
}

/** All texts, those that functions put together as well. */
function textsIn(value: unknown, resources: Readonly<Record<string, unknown>>, work: Work): readonly string[] {
  if (typeof value === 'string') return [unmarked(value)];
  if (typeof value !== 'object' || value === null) return [];
  const pieces = piecesOf(value, { resources, steps: 0, work });
  if (pieces)
    return [pieces.map(textOf).join(''), ...functionsIn(value).flatMap((one) => textsIn(one, resources, work))];
  return Object.values(value).flatMap((one) => textsIn(one, resources, work));
}

/** What stands in the arguments of a function beside plain text, which its own text has. */
function functionsIn(value: object): readonly object[] {
  return Object.values(value).flatMap((inner: unknown) => {
    if (isRecord(inner)) return [inner];
    return Array.isArray(inner) ? functionsIn(inner) : [];
  });
}

function textOf(piece: Piece): string {
  if (typeof piece === 'string')
    return subParts(unmarked(piece))
      .map(({ kind, text }) => (kind === 'variable' ? MARKS.pseudo : text))
      .join('');
  if (typeof piece !== 'object') return MARKS.unknown;
  const { type, attribute } = piece;
  const isSecret =
    type === 'AWS::SecretsManager::Secret'
      ? attribute === undefined || attribute === 'Id'
      : attribute === 'MasterUserSecret.SecretArn' && /^AWS::RDS::DB(Cluster|Instance)$/.test(type);
  return isSecret ? MARKS.own : MARKS.unknown;
}

import { readFileSync } from 'node:fs';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { KNOWLEDGE } from '../tools/cloudformation/knowledge/all.ts';

/** How much of CloudFormation was judged, and by whom. */
interface Coverage {
  readonly types: { readonly judged: number; readonly all: number };
  readonly properties: {
    /** A row says what a change of it does. */
    readonly table: number;
    /** No row does, but AWS replaces the resource for it, and says so in the change set. */
    readonly aws: number;
    readonly nobody: number;
    readonly all: number;
  };
}

const CORPUS = new URL('../test/knowledge/corpus.csv', import.meta.url);

/** Types and top-level properties in templates that others wrote, fixed before the table was. */
export function corpusPairs(): readonly (readonly [type: string, property: string])[] {
  const [, ...lines] = readFileSync(CORPUS, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [type = '', property = ''] = line.split(',');
    return [type, property];
  });
}

function specificationPairs(): readonly (readonly [type: string, property: string])[] {
  return spec
    .all('resource')
    .flatMap(({ cloudFormationType, properties }) => [
      [cloudFormationType, ''] as const,
      ...Object.keys(properties).map((name) => [cloudFormationType, name] as const),
    ]);
}

const spec = loadAwsServiceSpecSync();

function coverageOf(pairs: readonly (readonly [type: string, property: string])[]): Coverage {
  const types = pairs.filter(([, property]) => property === '').map(([type]) => type);
  const properties = pairs.filter(([, property]) => property !== '');
  const inTable = properties.filter(([type, name]) => Object.hasOwn(KNOWLEDGE.get(type)?.properties ?? {}, name));
  const told = new Set(inTable);
  const byAws = properties.filter((pair) => !told.has(pair) && isReplaced(...pair));
  return {
    types: { judged: types.filter((type) => KNOWLEDGE.has(type)).length, all: types.length },
    properties: {
      table: inTable.length,
      aws: byAws.length,
      nobody: properties.length - inTable.length - byAws.length,
      all: properties.length,
    },
  };
}

function isReplaced(type: string, name: string): boolean {
  const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  return resource?.properties[name]?.causesReplacement === 'yes';
}

/** A table for people. */
export function coverageTable(): string {
  const rows = [
    ['templates that others wrote', coverageOf(corpusPairs())],
    ["AWS's whole specification", coverageOf(specificationPairs())],
  ] as const;
  const share = (part: number, all: number) => `${part} (${Math.floor((part / all) * 1000) / 10} %)`;
  return `| of | types | judged | properties | judged by the table | replaced, by AWS's word | judged by nobody |
|---|---|---|---|---|---|---|
${rows
  .map(
    ([of, { types, properties }]) =>
      `| ${of} | ${types.all} | ${share(types.judged, types.all)} | ${properties.all} | ${share(properties.table, properties.all)} | ${share(properties.aws, properties.all)} | ${share(properties.nobody, properties.all)} |`,
  )
  .join('\n')}`;
}

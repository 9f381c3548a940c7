/**
 * Reduces AWS's published CloudFormation resource specification (`@aws-cdk/aws-service-spec`) to what the sandbox
 * needs, and writes `resources.json` beside this file. Run it after upgrading that package: `npm run spec`.
 */

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

interface SpecProperty {
  required?: boolean;
  causesReplacement?: 'yes' | 'no' | 'maybe';
  type: SpecType;
}
type SpecType = { type: string; element?: SpecType; reference?: { $ref: string } };
interface SpecResource {
  cloudFormationType: string;
  properties: Record<string, SpecProperty>;
  attributes: Record<string, unknown>;
  primaryIdentifier?: string[];
  cfnRefIdentifier?: string[];
  arnTemplate?: string;
  tagInformation?: unknown;
  additionalReplacementProperties?: string[][];
}

const SOURCE = '@aws-cdk/aws-service-spec';
// Deep enough for every path of the present specification; recursive types (WAF statements) have to end somewhere.
const MAX_DEPTH = 5;

const database = loadAwsServiceSpecSync();

/** The properties behind a type, through arrays and maps (one `*` per level), or undefined for a plain value. */
function structure(
  type: SpecType,
  path: string,
): { properties: Record<string, SpecProperty>; path: string; id: string } | undefined {
  if (type.element) return structure(type.element, `${path}.*`);
  if (!type.reference) return undefined;
  const definition = database.get('typeDefinition', type.reference.$ref) as unknown as {
    properties: Record<string, SpecProperty>;
  };
  return { properties: definition.properties, path, id: type.reference.$ref };
}

/** Paths below a property that replace (`yes`) or may replace (`maybe`) although the property as a whole does not. */
function nested(
  type: SpecType,
  path: string,
  seen: readonly string[],
  found: { yes: string[]; maybe: string[] },
): void {
  const inner = structure(type, path);
  if (!inner || seen.includes(inner.id) || seen.length >= MAX_DEPTH) return;
  for (const [name, property] of Object.entries(inner.properties)) {
    const at = `${inner.path}.${name}`;
    if (property.causesReplacement === 'yes') found.yes.push(at);
    else {
      if (property.causesReplacement === 'maybe') found.maybe.push(at);
      nested(property.type, at, [...seen, inner.id], found);
    }
  }
}

function reduce(resource: SpecResource): Record<string, string | number> {
  const found = { yes: [] as string[], maybe: [] as string[] };
  const rest: string[] = [];
  for (const [name, property] of Object.entries(resource.properties)) {
    if (property.causesReplacement === 'yes') found.yes.push(name);
    else {
      if (property.causesReplacement === 'maybe') found.maybe.push(name);
      else rest.push(name);
      nested(property.type, name, [], found);
    }
  }
  for (const path of resource.additionalReplacementProperties ?? []) found.yes.push(path.join('.'));
  const required = Object.keys(resource.properties).filter((name) => resource.properties[name]?.required);
  const identifier = resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? [];
  const entries: [string, string | number][] = [
    ['replace', found.yes.sort().join(' ')],
    ['maybe', found.maybe.sort().join(' ')],
    ['rest', rest.sort().join(' ')],
    ['required', required.sort().join(' ')],
    ['attributes', Object.keys(resource.attributes).sort().join(' ')],
    ['identifier', identifier.join(' ')],
    ['arn', resource.arnTemplate ?? ''],
    ['taggable', resource.tagInformation ? 1 : 0],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== '' && value !== 0));
}

const { version } = createRequire(import.meta.url)(`${SOURCE}/package.json`) as { version: string };
const resources = [...database.all('resource')] as unknown as SpecResource[];
resources.sort((a, b) => (a.cloudFormationType < b.cloudFormationType ? -1 : 1));
const lines = resources.map(
  (resource) => `${JSON.stringify(resource.cloudFormationType)}:${JSON.stringify(reduce(resource))}`,
);
// One type a line: the diff of an upgrade shows which types changed.
const text = `{"source":${JSON.stringify(SOURCE)},"version":${JSON.stringify(version)},"types":{\n${lines.join(',\n')}\n}}\n`;
writeFileSync(new URL('./resources.json', import.meta.url), text);
console.log(`${resources.length} resource types of ${SOURCE} ${version}: ${Math.round(text.length / 1024)} KB`);

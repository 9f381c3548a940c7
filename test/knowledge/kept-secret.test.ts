import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { expect, test } from 'vitest';
import { KEPT_SECRET } from '../../tools/cloudformation/knowledge/kept-secret.ts';
import { namesSecret } from '../../tools/ports/secret-name.ts';

/* Where hidden values stay hidden: a property that AWS doesn't have, or that is no secret's, would hide too much. */

const spec = loadAwsServiceSpecSync();
type Properties = ReturnType<typeof propertiesOf>;

function propertiesOf(type: string) {
  return spec.lookup('resource', 'cloudFormationType', 'equals', type)[0]?.properties;
}

function isThere(properties: Properties, [step = '', ...rest]: readonly string[]): boolean {
  const property = properties?.[step];
  if (!property) return false;
  let type = property.type;
  while ((type.type === 'array' || type.type === 'map') && rest.length > 0) {
    type = type.element;
    rest = rest.slice(1);
  }
  if (rest.length === 0 || type.type === 'json') return true;
  return type.type === 'ref' && isThere(spec.get('typeDefinition', type.reference.$ref).properties, rest);
}

test('each of them is a property of the published specification, and named as a secret', () => {
  const wrong = Object.entries(KEPT_SECRET).flatMap(([type, { properties }]) =>
    Object.keys(properties)
      .filter((path) => !isThere(propertiesOf(type), path.split('.')) || !namesSecret(path.replace(/\.\*$/, '')))
      .map((path) => `${type} ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('each address is a property of it, too', () => {
  const wrong = Object.entries(KEPT_SECRET).flatMap(([type, { properties }]) =>
    Object.values(properties)
      .flatMap((to) => (typeof to === 'string' ? [] : to))
      .filter((path) => !isThere(propertiesOf(type), path.split('.')))
      .map((path) => `${type} ${path}`),
  );
  expect(wrong).toEqual([]);
});

test("each has a page of AWS's that says what is answered", () => {
  for (const { page } of Object.values(KEPT_SECRET))
    expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
});

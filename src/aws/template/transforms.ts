import { isRecord, record } from './document.ts';

/**
 * Transforms at the top (`Transform`), and `Fn::Transform`, its short form `Transform` and `Fn::ForEach` anywhere.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
 */
export function transformsOf(template: Readonly<Record<string, unknown>>): readonly string[] {
  const found = new Set<string>();
  for (const transform of [template.Transform].flat()) {
    if (transform !== undefined) found.add(String(isRecord(transform) ? transform.Name : transform));
  }
  const search = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Fn::Transform') for (const one of [inner].flat()) found.add(String(record(one).Name));
      else if (key === 'Transform' && typeof record(inner).Name === 'string') found.add(String(record(inner).Name));
      else if (key.startsWith('Fn::ForEach')) found.add('Fn::ForEach');
      search(inner);
    }
  };
  search(template);
  return [...found].sort();
}

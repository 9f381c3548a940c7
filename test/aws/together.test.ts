import { expect, test } from 'vitest';
import { ec2Together } from '../../src/aws/ec2/together.ts';
import type { Ec2Reader } from '../../tools/ports/ec2.ts';
import type { Filter } from '../../tools/ports/ec2-query.ts';

const LINE = { in: <T>(work: () => Promise<T>) => work(), aside: <T>(work: () => Promise<T>) => work() };
const SNAPSHOT = { snapshot_id: 'snap-1', volume_id: 'vol-1', tags: { team: 'a' } };

test('what is neither an id nor a tag only EC2 finds: each look asks for it by itself', async () => {
  const asked: (readonly Filter[])[] = [];
  const everyOwnSnapshot = async (filters: readonly Filter[]) => {
    asked.push(filters);
    return [SNAPSHOT];
  };
  const reader = ec2Together({ everyOwnSnapshot } as unknown as Ec2Reader, new Map(), LINE);
  const looks = (name: string, value: string) =>
    Promise.all([1, 2].map(() => reader.everyOwnSnapshot([{ name, values: [value] }])));
  expect(await looks('volume-id', 'vol-1')).toEqual([[SNAPSHOT], [SNAPSHOT]]);
  expect(asked.length).toBe(2);
  for (const [name, value] of [
    ['snapshot-id', 'snap-1'],
    ['tag:team', 'a'],
  ] as const) {
    asked.length = 0;
    expect(await looks(name, value)).toEqual([[SNAPSHOT], [SNAPSHOT]]);
    expect(asked.length).toBe(1);
  }
});

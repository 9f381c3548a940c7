import { setTimeout as sleep } from 'node:timers/promises';
import type { Ec2Reader } from '../../../tools/ports/ec2.ts';
import type { Filter } from '../../../tools/ports/ec2-query.ts';

/** So many in one filter: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const MOST_VALUES = 200;

/** Looks that begin at one moment come within milliseconds of each other. */
const GATHER_MS = 20;

/** What looks at a region stand in. */
export interface Line {
  /** Does `work` when those that came before have let go. */
  in<T>(work: () => Promise<T>): Promise<T>;
  /** Lets others come while this one waits for what it asks for together with them. */
  aside<T>(work: () => Promise<T>): Promise<T>;
}

/** Listings that are about to be asked for, of one region: by what is listed and the filter. */
export type Gathering = Map<string, Listing>;

interface Listing {
  readonly values: Set<string>;
  readonly items: Promise<readonly unknown[]>;
}

type Every<T> = (filters: readonly Filter[]) => Promise<readonly T[]>;

/** EC2 takes these for patterns, and `\` for their escape. */
const PATTERN = /[*?\\]/;

const TAG = 'tag:';

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The same reader for one of many looks: what several of them look for by id, or by a tag's value, is asked for at
 * once. A look joins the listing that is asked next, never one that has been asked: what it is told is of a time after
 * it came. Ids stand in a filter, so that one that is gone fails no other's look. Whatever else is looked for is asked
 * for by itself: what such a filter finds only EC2 knows.
 */
export function ec2Together(reader: Ec2Reader, gathering: Gathering, line: Line): Ec2Reader {
  const shared =
    <T extends Tagged>(what: string, every: Every<T>, id: string, idOf: (item: T) => string): Every<T> =>
    async (filters) => {
      const [filter, another] = filters;
      if (!filter || another || filter.values.some((value) => PATTERN.test(value))) return await every(filters);
      const { name, values } = filter;
      if (name !== id && !name.startsWith(TAG)) return await every(filters);
      const key = `${what} ${name}`;
      const listing = gathering.get(key) ?? opened(gathering, key, line, (all) => inParts(all, name, every));
      for (const value of values) listing.values.add(value);
      const items = (await line.aside(async () => await listing.items)) as readonly T[];
      const valueIn = (item: T) => (name === id ? idOf(item) : item.tags[name.slice(TAG.length)]);
      return items.filter((item) => values.includes(valueIn(item) ?? ''));
    };
  return {
    ...reader,
    everyVolume: shared('volumes', reader.everyVolume, 'volume-id', ({ volume_id }) => volume_id),
    everyOwnSnapshot: shared('snapshots', reader.everyOwnSnapshot, 'snapshot-id', ({ snapshot_id }) => snapshot_id),
    everyOwnImage: shared('images', reader.everyOwnImage, 'image-id', ({ image_id }) => image_id),
    everyInstance: shared('instances', reader.everyInstance, 'instance-id', ({ instance_id }) => instance_id),
  };
}

function opened(
  gathering: Gathering,
  key: string,
  line: Line,
  list: (values: readonly string[]) => Promise<readonly unknown[]>,
): Listing {
  const values = new Set<string>();
  const items = sleep(GATHER_MS).then(async () =>
    line.in(async () => {
      gathering.delete(key);
      return await list([...values]);
    }),
  );
  // Each look that joined hears of it.
  items.catch(() => undefined);
  const listing = { values, items };
  gathering.set(key, listing);
  return listing;
}

async function inParts<T>(values: readonly string[], name: string, every: Every<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for (let at = 0; at < values.length; at += MOST_VALUES)
    found.push(...(await every([{ name, values: values.slice(at, at + MOST_VALUES) }])));
  return found;
}

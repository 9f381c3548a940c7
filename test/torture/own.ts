import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { kitFolder } from '../../src/kits/folder.ts';
import type { LoggedEvent } from '../scenes/state.ts';
import { OTHERS, type Subject } from './kind.ts';
import type { Carried, World } from './world.ts';

/* Whether what a ticket has is its own: its kit, and what it says that it made or changed. */

/** What AWS made for each ticket, by the tag that its requests bear. */
export async function madeFor({ there, tickets }: World): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const made = new Map<string, Set<string>>();
  for (const region of new Set(tickets.map(({ subject }) => String(subject.args.region ?? 'eu-west-1')))) {
    const ec2 = new EC2Client({ ...OTHERS, endpoint: there.cloud.endpoint, region });
    const filter = { Filters: [{ Name: 'key', Values: ['holdshort:ticket'] }] };
    const { Tags = [] } = await ec2.send(new DescribeTagsCommand(filter));
    ec2.destroy();
    for (const { ResourceId = '', Value = '' } of Tags) made.set(Value, (made.get(Value) ?? new Set()).add(ResourceId));
  }
  return made;
}

/** What names one thing at AWS: an id, or the name of a stack. */
const ID = /(?:\/|^)((?:i|vol|snap|ami|sg|eipalloc)-[0-9a-f]{17})$|stack[/:]?([a-z]+-\d{4})/;

/** Is what is told about it of this ticket? What has no id of its own may be of any. */
export function isItsOwn(resource: string, subject: Subject, made: ReadonlySet<string> = new Set()): boolean {
  const [, id, stack] = ID.exec(resource) ?? [];
  const known = id ?? stack;
  return known === undefined || made.has(known) || JSON.stringify(subject).includes(known);
}

export function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** What is wrong with the kits that a ticket's entries name, or with there being none. */
export async function wrongKits(
  { place }: Pick<World, 'place'>,
  { id, subject }: Carried,
  entries: readonly LoggedEvent[],
): Promise<readonly string[]> {
  const folder = join(place.home, 'kits');
  const kits = kitFolder({ folder, keyFile: join(place.home, 'keys', 'recovery.key'), readers: [] });
  const wrong: string[] = [];
  for (const { detail } of entries) {
    const kept = detail.intent?.kit;
    if (!kept) continue;
    if (!namesIn(folder).includes(`${kept.sha256}.age`)) {
      wrong.push('its recovery kit is not there');
      continue;
    }
    const kit = await kits.open(id, kept).catch((error: Error) => error.message);
    const about = typeof kit === 'string' ? [] : [...new Set(subject.marks ?? [subject.mark])];
    if (typeof kit === 'string') wrong.push(kit);
    else if (!about.every((thing) => JSON.stringify(kit).includes(thing))) wrong.push('its recovery kit is of another');
  }
  return wrong;
}

/** The names that are noted beside the keys. */
export function notedIn({ place }: Pick<World, 'place'>): readonly string[] {
  const file = join(place.home, 'keys', 'executed');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

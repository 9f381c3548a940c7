import type { Kind } from '../kind.ts';
import { INSTANCES } from './instances.ts';
import { NETWORK } from './network.ts';
import { RESTORED } from './restores.ts';
import { SEVERAL } from './several.ts';
import { STACKS } from './stacks.ts';
import { STORAGE } from './storage.ts';

const ONE_BY_ONE: readonly Kind[] = [...INSTANCES, ...SEVERAL, ...RESTORED, ...STORAGE, ...NETWORK, ...STACKS];

/** Three executors at once on one store, of which each is killed while the others go on. */
const TOGETHER = ['ec2_reboot_instances', 'ec2_create_volume', SEVERAL[0]?.name];

/** Every change tool, some in more than one way. */
export const KINDS: readonly Kind[] = [
  ...ONE_BY_ONE,
  ...ONE_BY_ONE.filter(({ name }) => TOGETHER.includes(name)).map((kind) => ({
    ...kind,
    ...{ name: `${kind.name}${kind.name.includes(',') ? '' : ','} by three executors at once`, executors: 3 },
  })),
];

import type { Kind } from '../kind.ts';
import { INSTANCES } from './instances.ts';
import { NETWORK } from './network.ts';
import { STACKS } from './stacks.ts';
import { STORAGE } from './storage.ts';

/** Every change tool, some in more than one way. */
export const KINDS: readonly Kind[] = [...INSTANCES, ...STORAGE, ...NETWORK, ...STACKS];

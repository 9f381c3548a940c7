import { CALLERS } from './lambda/callers.ts';
import { CAPACITY } from './lambda/capacity.ts';
import { FUNCTIONS } from './lambda/functions.ts';
import type { Service } from './language.ts';

export const LAMBDA: Service = { ...FUNCTIONS, ...CALLERS, ...CAPACITY };

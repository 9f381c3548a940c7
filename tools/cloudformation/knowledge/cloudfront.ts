import { DISTRIBUTIONS } from './cloudfront/distributions.ts';
import { ORIGINS } from './cloudfront/origins.ts';
import type { Service } from './language.ts';

export const CLOUDFRONT: Service = { ...DISTRIBUTIONS, ...ORIGINS };

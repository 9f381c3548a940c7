import { config } from 'zod';

/*
 * Before any schema is made: zod would compile each into code of its own when it is first asked, from a string, which
 * costs a process of some calls more than it ever gains.
 */
config({ jitless: true });

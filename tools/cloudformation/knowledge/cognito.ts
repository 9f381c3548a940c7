import { IDENTITY_POOL } from './cognito/identity-pool.ts';
import { SIGN_IN } from './cognito/sign-in.ts';
import { USER_POOL } from './cognito/user-pool.ts';
import type { Service } from './language.ts';

export const COGNITO: Service = { ...USER_POOL, ...SIGN_IN, ...IDENTITY_POOL };

import { CreateTags$ } from '@aws-sdk/client-ec2';
import { type Operation, operation } from '../wire/service.ts';
import { createTags } from './manage.ts';

export const networkOperations: readonly Operation[] = [operation(CreateTags$, createTags)];

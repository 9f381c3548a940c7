import { z } from 'zod';

export const RoleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,576}$/,
    'must be the ARN of an IAM role, as in arn:aws:iam::123456789012:role/NAME',
  );

export const ExternalId = z.string().regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be an external id as STS takes it');

export const MacroName = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be the name of a macro, as templates have it')
  .refine((name) => name !== '*', 'must name each macro; there is no wildcard');

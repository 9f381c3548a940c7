import { z } from 'zod';

/**
 * As whom AWS does what is left to do when it has answered: the role that the thing itself has, the session of the
 * ticket's request, or, where none is made for it, the executor's own credentials. Once these have ended, AWS can
 * neither finish nor roll back.
 */
export const GoesOn = z.discriminatedUnion('as', [
  z.strictObject({ as: z.literal('service_role'), role_arn: z.string().min(1) }),
  z.strictObject({ as: z.literal('session'), seconds: z.int().positive() }),
  z.strictObject({ as: z.literal('executor') }),
]);
export type GoesOn = z.infer<typeof GoesOn>;

/** The role that people were told of. */
export function roleOf(goesOn: GoesOn | undefined): string | undefined {
  return goesOn?.as === 'service_role' ? goesOn.role_arn : undefined;
}

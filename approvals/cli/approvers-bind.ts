import { identityText } from '../../src/kernel/identity.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { personName } from '../desk.ts';
import { personOf } from '../keys/signer.ts';
import { type Claim, claim, identityFrom } from '../people/bind.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToManage, recordingRejection } from '../record/rejection.ts';
import type { CommandContext } from './context.ts';
import { anyHeldKey, identityOf, type SigningOptions } from './held-key.ts';

export interface BindOptions extends SigningOptions {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * `approvers bind NAME`, `approvers unbind NAME`.
 * @throws as `claim`
 * @throws usage
 */
export async function approversBind(
  context: CommandContext,
  kind: Claim['kind'],
  name: string,
  options: BindOptions,
): Promise<CommandResult> {
  const person = personName(name, `'${name}'`);
  const identity = identityFrom(options.issuer, options.subject);
  const detail = { attempt: kind, name: person, ...identity };
  const attempt = attemptToManage('cli', personOf(identityOf(context, options)), detail);
  const { by, notes } = await recordingRejection(context, attempt, async (proved) => {
    const { key, notes } = await anyHeldKey(context, options);
    const signer = telling(await key.open(), proved);
    await claim(context, { kind, name: person, identity }, signer);
    return { by: signer.name, notes };
  });
  const login = identityText(identity);
  const text =
    kind === 'bind'
      ? [
          `The login ${login} is ${person}, signed by ${by}.`,
          `What an agent asks for with it is asked for ${person}, whose approval is then not somebody else's.`,
        ]
      : [
          `The login ${login} is not ${person} any more, signed by ${by}.`,
          'An agent that comes with it changes nothing until it is bound again. Of its tickets that are open, none runs that needs somebody else.',
        ];
  return { data: { name: person, ...identity, by }, text: [...notes, ...text].join('\n'), exit: EXIT.done };
}

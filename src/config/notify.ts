import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../kernel/digest.ts';
import { NOTICE_KINDS } from '../kernel/notice.ts';
import type { Recipient } from '../notify/recipient.ts';

/** Over plain http everyone on the way reads what is planned in AWS. */
const Url = z
  .string()
  .refine((text) => URL.canParse(text), { error: 'must be a whole URL, as in https://example.com/hook', abort: true })
  .refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
  }, 'must begin with https:// (http:// only to this machine)');

/** Whom to tell of what. A standard webhook is signed, and so needs a secret that the receiver knows. */
export const Notify = z
  .strictObject({
    url: Url.describe('Where notices are posted to.'),
    secret_file: z
      .string()
      .min(1)
      .optional()
      .describe('The file with the whsec_… secret; relative to this file. For the format standard.'),
    format: z
      .enum(['standard', 'slack'])
      .optional()
      .describe('standard (Standard Webhooks, signed) by default; slack for incoming webhooks.'),
    on: z
      .array(z.enum(NOTICE_KINDS))
      .min(1, 'must name at least one')
      .optional()
      .describe('Of what; everything but "ended" by default.'),
  })
  .refine(({ format, secret_file }) => format === 'slack' || secret_file !== undefined, {
    path: ['secret_file'],
    error: 'must name the file with the whsec_… secret (or say format: slack)',
  });

const BY_DEFAULT = ['pending', 'decided', 'executed', 'people'] as const;

/** @param file the configuration file, which paths in it are relative to */
export function recipientsOf(
  {
    notify = [],
    notify_desktop,
  }: { readonly notify?: readonly z.infer<typeof Notify>[] | undefined; readonly notify_desktop?: boolean | undefined },
  file: string,
): readonly Recipient[] {
  const webhooks = notify.map(({ url, secret_file, format = 'standard', on = BY_DEFAULT }): Recipient => {
    // The address itself may be a secret: the database knows it by this.
    const common = { id: sha256(`${format} ${url}`).slice(0, 16), on, kind: 'webhook', url } as const;
    return format === 'slack'
      ? { ...common, format }
      : { ...common, format, secretFile: resolve(dirname(file), secret_file ?? '') };
  });
  return notify_desktop ? [...webhooks, { id: 'desktop', kind: 'desktop', on: ['pending'] }] : webhooks;
}

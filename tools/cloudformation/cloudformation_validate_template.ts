import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Region } from '../fields.ts';
import { outside, pageOf } from '../page.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const BODY_BYTES = 51_200;

export default defineReadTool({
  name: 'cloudformation_validate_template',
  title: 'Validate a template',
  description:
    'Let AWS check the syntax of a CloudFormation template: its parameters and needed capabilities, or what is wrong with it.',
  toolset: 'cloudformation',
  actions: ['cloudformation:ValidateTemplate'],
  input: z.strictObject({
    template_body: z
      .string()
      .refine((text) => text.trim() !== '', 'is empty; give the template itself')
      .refine((text) => Buffer.byteLength(text) <= BODY_BYTES, `is longer than ${BODY_BYTES} bytes; make it smaller`),
    region: Region.optional(),
  }),
  log: { template_body: { sha256_as: 'template_sha256' }, region: 'shown' },
  async read({ template_body }, { cloudformation }) {
    const answer = await cloudformation.validateTemplate(template_body);
    if (!answer.valid) return { valid: false, complaint: outside(answer.complaint) };
    const { parameters, capabilities, transforms, ...rest } = answer;
    const { items, left_out } = pageOf(
      { skip: 0 },
      parameters.map((parameter) => ({ ...parameter })),
      undefined,
    );
    return {
      ...(outside({ ...rest, capabilities: [...capabilities], transforms: [...transforms] }) as object),
      parameters: items,
      ...(left_out === undefined ? {} : { left_out }),
    };
  },
});

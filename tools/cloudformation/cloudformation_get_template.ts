import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Region, StackNameOrArn } from '../fields.ts';
import { rangeOf } from '../text-range.ts';
import { existingStack } from './stack/target.ts';

export default defineReadTool({
  name: 'cloudformation_get_template',
  title: "Get a stack's template",
  description: "Show a CloudFormation stack's template as lines, part by part. Secret values are masked.",
  toolset: 'cloudformation',
  actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
  input: z.strictObject({
    stack_name: StackNameOrArn,
    offset: z
      .number()
      .refine((value) => Number.isInteger(value) && value >= 0, 'is not a whole number from 0 on; take next_offset')
      .optional()
      .describe('next_offset of the part before'),
    region: Region.optional(),
  }),
  log: { stack_name: 'shown', offset: 'shown', region: 'shown' },
  async read({ stack_name, offset = 0 }, readers) {
    const { stack_id } = await existingStack(stack_name, readers);
    const { text, sha256 } = await readers.cloudformation.templateText(stack_id);
    const { lines, continued, ...range } = rangeOf(text, offset);
    return { stack_id, ...range, sha256, lines: [...lines], ...(continued ? { continued: [...continued] } : {}) };
  },
});

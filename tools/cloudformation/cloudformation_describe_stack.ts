import { z } from 'zod';
import type { Json } from '../../src/kernel/digest.ts';
import { defineReadTool } from '../define.ts';
import { Region, StackNameOrArn } from '../fields.ts';
import { outside } from '../page.ts';
import { existingStack } from './stack-target.ts';

/** At most this many parameters, outputs and tags are shown; AWS's own limits are 200, 200 and 50. */
const MEMBERS = 200;
const BYTES = 60 * 1024;

export default defineReadTool({
  name: 'cloudformation_describe_stack',
  title: 'Describe a stack',
  description:
    'Show one CloudFormation stack: status, parameters, outputs, tags and termination protection. Secret values are masked.',
  toolset: 'cloudformation',
  actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
  input: z.strictObject({ stack_name: StackNameOrArn, region: Region.optional() }),
  async read({ stack_name }, readers) {
    const { parameters, outputs, ...stack } = await existingStack(stack_name, readers);
    let left = BYTES;
    const fitting = (items: readonly Json[]) => {
      const shown = items.slice(0, MEMBERS).filter((item) => {
        left -= JSON.stringify(outside(item)).length;
        return left >= 0;
      });
      return { shown, out: items.length - shown.length };
    };
    const shownParameters = fitting(parameters.map((parameter) => ({ ...parameter })));
    const shownOutputs = fitting(outputs.map((output) => ({ ...output })));
    const left_out = shownParameters.out + shownOutputs.out;
    return outside({
      ...stack,
      region: readers.caller.region,
      parameters: shownParameters.shown,
      outputs: shownOutputs.shown,
      ...(left_out > 0 ? { left_out } : {}),
    });
  },
});

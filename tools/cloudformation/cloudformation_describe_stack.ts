import { z } from 'zod';
import type { Json } from '../../src/kernel/digest.ts';
import { fitting, LIST_BYTES } from '../../src/present/presentable.ts';
import { defineReadTool } from '../define.ts';
import { Region, StackNameOrArn } from '../fields.ts';
import { outside } from '../page.ts';
import { existingStack } from './stack/target.ts';

/** At most this many parameters, outputs and tags are shown; AWS's own limits are 200, 200 and 50. */
const MEMBERS = 200;

export default defineReadTool({
  name: 'cloudformation_describe_stack',
  title: 'Describe a stack',
  description:
    'Show one CloudFormation stack: status, parameters, outputs, tags and termination protection. Secret values are masked.',
  toolset: 'cloudformation',
  actions: [
    'cloudformation:DescribeStacks',
    'cloudformation:GetTemplate',
    'cloudformation:ListStackResources',
    'cloudformation:ListExports',
  ],
  input: z.strictObject({ stack_name: StackNameOrArn, region: Region.optional() }),
  log: { stack_name: 'shown', region: 'shown' },
  async read({ stack_name }, readers) {
    const { parameters, outputs, ...stack } = await existingStack(stack_name, readers);
    const shown = (items: readonly Json[]) => fitting(items.slice(0, MEMBERS).map(outside), LIST_BYTES / 2);
    const [shownParameters, shownOutputs] = [
      shown(parameters.map((parameter) => ({ ...parameter }))),
      shown(outputs.map((output) => ({ ...output }))),
    ];
    const left_out = parameters.length + outputs.length - shownParameters.length - shownOutputs.length;
    return outside({
      ...stack,
      region: readers.caller.region,
      parameters: shownParameters,
      outputs: shownOutputs,
      ...(left_out > 0 ? { left_out } : {}),
    });
  },
});

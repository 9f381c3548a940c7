import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { identity } from '../scenes/endpoints.ts';
import { testAws } from '../scenes/tools.ts';

/* AWS's answers, written out: for what no emulator comes to. */

export type Answer = (action: string, form: URLSearchParams) => string;

const EC2_VERSION = '2016-11-15';

/** AWS that answers with what `answer` gives for the inside of each result; it ends with the test. */
export async function answering(answer: Answer): Promise<Aws> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      // Tags of other services, which these answers don't tell: whose a thing is stays unknown.
      if (request.headers['x-amz-target'] !== undefined) {
        response.statusCode = 400;
        return response.end('{"__type":"AccessDeniedException","message":"not allowed"}');
      }
      const form = new URLSearchParams(text);
      const action = form.get('Action') ?? '';
      response.setHeader('content-type', 'text/xml');
      if (action === 'GetCallerIdentity') return response.end(identity().split('\r\n\r\n')[1]);
      const inside = answer(action, form);
      // EC2 has no element around its result.
      const result = form.get('Version') === EC2_VERSION ? inside : `<${action}Result>${inside}</${action}Result>`;
      return response.end(`<${action}Response>${result}</${action}Response>`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return testAws(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

export const NESTED = 'AWS::CloudFormation::Stack';

export const arn = (name: string) => `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/0b1c`;

export function stackXml(name: string, status: string, parent?: string): string {
  const around = parent ? `<ParentId>${arn(parent)}</ParentId>` : '';
  return `<Stacks><member><StackId>${arn(name)}</StackId><StackName>${name}</StackName><StackStatus>${status}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>${around}</member></Stacks>`;
}

export function resourceXml(id: string, physical: string, type: string, status = 'CREATE_COMPLETE'): string {
  return `<member><LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>${status}</ResourceStatus></member>`;
}

/** The name of the stack that a request is about. */
export function nameIn(form: URLSearchParams): string {
  const name = form.get('StackName') ?? '';
  return name.split('/')[1] ?? name;
}

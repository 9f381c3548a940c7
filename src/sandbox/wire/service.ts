import type { Cloud, Region } from '../cloud.ts';
import { formTree, inputDecoder } from './decode.ts';
import { escapeXml, outputEncoder } from './encode.ts';
import type { ApiFailure } from './failure.ts';
import type { OperationSchema, Protocol } from './schema.ts';

/**
 * What an operation may see of its caller. `accessKeyId` is whatever the request was signed with; nothing checks it.
 */
export interface Context {
  readonly cloud: Cloud;
  readonly region: Region;
  readonly accessKeyId: string;
}

export interface Operation {
  readonly action: string;
  readonly schema: OperationSchema;
  readonly handle: (input: never, context: Context) => object | undefined;
}

/** Binds a handler to the SDK's schema of the operation. `Input` and `Output` are the SDK's own types. */
export function operation<Input, Output extends object | undefined>(
  schema: OperationSchema,
  handle: (input: Input, context: Context) => Output,
): Operation {
  return { action: schema[2], schema, handle: handle as Operation['handle'] };
}

export interface ServiceDefinition {
  readonly name: string;
  readonly version: string;
  readonly protocol: Protocol;
  readonly namespace: string;
  readonly operations: readonly Operation[];
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

interface BoundOperation {
  readonly service: string;
  readonly action: string;
  /** @param body of the request */
  decode(body: string): object;
  handle(input: object, context: Context): object | undefined;
  encode(output: object | undefined, requestId: string): string;
}

export interface Service extends Omit<ServiceDefinition, 'operations'> {
  readonly operations: ReadonlyMap<string, BoundOperation>;
}

function envelope(service: ServiceDefinition, action: string, fields: string, hasOutput: boolean, id: string): string {
  const open = `<${action}Response xmlns="${service.namespace}">`;
  const close = `</${action}Response>`;
  if (service.protocol === 'ec2Query') {
    return `${open}<requestId>${id}</requestId>${hasOutput ? fields : '<return>true</return>'}${close}`;
  }
  const result = hasOutput ? `<${action}Result>${fields}</${action}Result>` : '';
  return `${open}${result}<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata>${close}`;
}

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
const AS_JSON: Pick<BoundOperation, 'decode' | 'encode'> = {
  decode: (body) => JSON.parse(body) as object,
  encode: (output) => JSON.stringify(output ?? {}),
};

function asXml(definition: ServiceDefinition, schema: OperationSchema): Pick<BoundOperation, 'decode' | 'encode'> {
  const decode = inputDecoder(schema[4], definition.protocol);
  const encode = outputEncoder(schema[5]);
  return {
    decode: (body) => decode(formTree(new URLSearchParams(body))) as object,
    encode: (output, id) => `${XML}${envelope(definition, schema[2], encode(output), output !== undefined, id)}`,
  };
}

export function bind(definition: ServiceDefinition): Service {
  const operations = new Map<string, BoundOperation>();
  for (const { action, schema, handle } of definition.operations) {
    operations.set(action, {
      service: definition.name,
      action,
      handle: (input, context) => handle(input as never, context),
      ...(definition.protocol === 'awsJson' ? AS_JSON : asXml(definition, schema)),
    });
  }
  return { ...definition, operations };
}

/**
 * An error in the service's form:
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
 */
export function errorBody(protocol: Protocol, namespace: string, failure: ApiFailure, requestId: string): string {
  if (protocol === 'awsJson') return JSON.stringify({ __type: failure.code, message: failure.message });
  const fields = `<Code>${escapeXml(failure.code)}</Code><Message>${escapeXml(failure.message)}</Message>`;
  if (protocol === 'ec2Query') {
    return `${XML}<Response><Errors><Error>${fields}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  }
  const type = failure.status < 500 ? 'Sender' : 'Receiver';
  return `${XML}<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type>${fields}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { autoScaling } from './auto-scaling/service.ts';
import { type Cloud, createCloud } from './cloud.ts';
import { provideHandlers } from './cloudformation/resource.ts';
import { cloudformation } from './cloudformation/service.ts';
import { cloudtrail } from './cloudtrail/service.ts';
import { trailed } from './cloudtrail/trail.ts';
import { type Compared, type Comparison, cloudForComparing, compareIn } from './comparison.ts';
import { type Control, createControl } from './control.ts';
import { answerControl } from './control-plane.ts';
import { type Copied, type Copy, copyOf } from './copy.ts';
import { ec2 } from './ec2/service.ts';
import { type Answer, createFaults, type Faults } from './faults.ts';
import { HANDLERS } from './handlers.ts';
import { iam } from './iam/service.ts';
import { repeatedBytes, uuid } from './ids.ts';
import { answerBucket, bucketAction, bucketError } from './s3/buckets.ts';
import { applySeed, type SandboxSeed } from './seed.ts';
import { loadSpecification } from './spec/resources.ts';
import { steer } from './steering.ts';
import { sts } from './sts/service.ts';
import { authorize, identityOf } from './sts/session.ts';
import { wantedBy, wantedOfBucket } from './sts/wanted.ts';
import { tagging } from './tagging/service.ts';
import { ApiFailure } from './wire/failure.ts';
import { bind, errorBody, type Service } from './wire/service.ts';
import { demandInTime, signatureOf } from './wire/signature.ts';

export interface SandboxOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free one. */
  port?: number;
  seed?: SandboxSeed;
  /** Default 123456789012. */
  accountId?: string;
  /** Other accounts beside it, each with what is in it: its roles lead there. */
  accounts?: Readonly<Record<string, SandboxSeed>>;
  /** For requests that name none, and for the seed. Default: the seed's, else us-east-1. */
  region?: string;
  /** How long each asynchronous step takes (a resource, an instance's change of state, a change set), default 150. */
  latencyMs?: number;
  /** Milliseconds since 1970, default the machine's clock. */
  now?: () => number;
  /**
   * The one access key whose requests are answered; what comes without it, to the control plane too, gets no answer.
   * Default: any. Signatures aren't verified: it has to be one that nobody guesses.
   */
  onlyFor?: string;
}

export interface Sandbox {
  readonly endpoint: string;
  readonly accountId: string;
  /**
   * Empties the cloud, brings a stack of this name to one template and makes the change set to another. Ids are made up
   * the same by each cloud that is asked the same.
   */
  compare(stack: string, comparison: Comparison): Compared;
  /**
   * Empties the cloud and puts a stack into it as it is elsewhere; what is then asked for happens there at once.
   * @throws Error where this cloud can't have it
   */
  copy(copied: Copied): Copy;
  close(): Promise<void>;
}

/** Larger than any request that CloudFormation takes (a template body is at most 51,200 bytes). */
const BODY_LIMIT = 1_000_000;

/** How old the seed's resources look. */
const SEEDED_BEFORE_MS = 3600_000;

interface Emulator {
  readonly services: ReadonlyMap<string, Service>;
  readonly control: Control;
  readonly faults: Faults;
  readonly defaultRegion: string;
  cloud: Cloud;
  /** The other accounts, by number. */
  others: ReadonlyMap<string, Cloud>;
}

/** The account that an access key is of: those of no session are the first one's own. */
function cloudOf({ cloud, others }: Emulator, accessKeyId: string): Cloud {
  return [...others.values()].find(({ sessions }) => sessions.has(accessKeyId)) ?? cloud;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT) throw new ApiFailure('RequestEntityTooLarge', 'the request is too large', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** By form in the query protocols, by header in JSON's: `X-Amz-Target: SERVICE_VERSION.Operation`. */
function askedFor(request: IncomingMessage, body: string): { version: string; action: string } {
  const [version, action] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (version && action) return { version, action };
  const form = new URLSearchParams(body);
  return { version: form.get('Version') ?? '', action: form.get('Action') ?? '' };
}

async function answerApi(emulator: Emulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = uuid();
  const body = await readBody(request);
  const { version, action } = askedFor(request, body);
  const service = emulator.services.get(version);
  const type = service?.protocol === 'awsJson' ? 'application/x-amz-json-1.1' : 'text/xml;charset=UTF-8';
  const headers = () => ({ 'content-type': type, 'x-amzn-requestid': requestId, date: dated(emulator) });
  let failed = (_code: string) => {};
  try {
    const operation = service?.operations.get(action);
    if (!service || !operation) {
      throw new ApiFailure('InvalidAction', `Could not find operation ${action} for version ${version}`);
    }
    const signature = signatureOf(request);
    const { accessKeyId, region: name = emulator.defaultRegion } = signature;
    const input = operation.decode(body);
    const cloud = cloudOf(emulator, accessKeyId);
    const session = cloud.sessions.get(accessKeyId);
    const user_identity = identityOf(session, accessKeyId);
    failed = emulator.control.record({ service: service.name, action, region: name, parameters: input, user_identity });
    cloud.settle();
    demandInTime(signature, service.name, cloud.time());
    const call = { service: service.name, action, input, region: cloud.region(name) };
    const answer = await emulator.faults.meet({
      ...call,
      act(input, region) {
        // It may have been held back meanwhile.
        cloud.settle();
        const place = { accountId: cloud.accountId, region };
        const asked = { service: service.name, action, region: name, user_identity };
        return trailed(cloud, { ...asked, access_key: accessKeyId, request_id: requestId }, () => {
          authorize(session, cloud, service.name, () => wantedBy(service.name, action, input, place));
          return operation.encode(operation.handle(input, { cloud, region, accessKeyId }), requestId);
        });
      },
    });
    send(response, 200, headers(), answer);
  } catch (error) {
    const failure =
      error instanceof ApiFailure ? error : new ApiFailure('InternalFailure', `sandbox: ${String(error)}`, 500);
    failed(failure.code);
    const text = errorBody(service?.protocol ?? 'awsQuery', service?.namespace ?? '', failure, requestId);
    send(response, failure.status, headers(), { text });
  }
}

/** S3 is the one service here that speaks REST. Objects' contents are nobody's business. */
async function answerRest(emulator: Emulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = uuid();
  const url = URL.parse(request.url ?? '', 'http://sandbox');
  if (!url) return void response.writeHead(400, { 'content-length': 0 }).end();
  const asked = { method: request.method ?? '', url };
  const action = bucketAction(asked);
  const headers = () => ({ 'content-type': 'application/xml', 'x-amz-request-id': requestId, date: dated(emulator) });
  let failed = (_code: string) => {};
  try {
    await readBody(request);
    const signature = signatureOf(request);
    const { accessKeyId, region: name = emulator.defaultRegion } = signature;
    failed = emulator.control.record({ service: 's3', action, region: name, parameters: { path: url.pathname } });
    const cloud = cloudOf(emulator, accessKeyId);
    cloud.settle();
    demandInTime(signature, 's3', cloud.time());
    const call = { service: 's3', action, input: {}, region: cloud.region(name) };
    const answer = await emulator.faults.meet({
      ...call,
      act(_, region) {
        authorize(cloud.sessions.get(accessKeyId), cloud, 's3', () => wantedOfBucket(action, url.pathname));
        return answerBucket(region, asked);
      },
    });
    send(response, 200, headers(), answer);
  } catch (error) {
    const failure = error instanceof ApiFailure ? error : new ApiFailure('InternalError', String(error), 500);
    failed(failure.code);
    send(response, failure.status, headers(), { text: bucketError(failure, requestId) });
  }
}

/** Clients learn from it how wrong their own clocks are. */
const dated = ({ cloud }: Emulator) => new Date(cloud.time()).toUTCString();

/** @param answer undefined: the connection breaks */
function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  answer: Answer | undefined,
): void {
  if (!answer) return void response.destroy();
  const bytes = Buffer.from(answer.text);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (answer.half) response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  else response.end(bytes);
}

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server.address() as AddressInfo;
}

/**
 * Starts an embedded cloud that speaks the wire protocols of CloudFormation, EC2 and STS.
 * @throws Error when the port is taken, or the seed can't be put in place
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0, seed, accountId = '123456789012', latencyMs = 150, now = Date.now } = options;
  const defaultRegion = options.region ?? seed?.region ?? 'us-east-1';
  const specification = await loadSpecification();
  const build = (accountId: string, seed: SandboxSeed | undefined) => {
    // A seed is put in place in a past where everything takes no time, so that all of it is settled.
    let seeding = seed && now() - SEEDED_BEFORE_MS;
    const clock = () => {
      if (seeding === undefined) return now();
      seeding += 1;
      return seeding;
    };
    const latency = () => (seeding === undefined ? latencyMs : 0);
    const elsewhere = (id: string) =>
      id === accountId ? undefined : id === emulator.cloud.accountId ? emulator.cloud : emulator.others.get(id);
    const cloud = createCloud({ accountId, elsewhere, latencyMs: latency, specification, now: clock });
    provideHandlers(cloud, HANDLERS);
    if (!seed) return cloud;
    applySeed(cloud, cloud.region(defaultRegion), seed);
    seeding = undefined;
    return cloud;
  };
  const buildOthers = () =>
    new Map(Object.entries(options.accounts ?? {}).map(([id, itsSeed]) => [id, build(id, itsSeed)] as const));
  const emulator: Emulator = {
    services: new Map(
      [autoScaling, cloudformation, cloudtrail, ec2, iam, sts, tagging].map((service) => [
        service.version,
        bind(service),
      ]),
    ),
    control: createControl(),
    faults: createFaults(),
    defaultRegion,
    cloud: build(accountId, seed),
    others: buildOthers(),
  };
  const reset = () => {
    emulator.control.reset();
    emulator.faults.reset();
    emulator.cloud = build(accountId, seed);
    emulator.others = buildOthers();
  };
  const order = (path: string, body: unknown) => steer(emulator.cloud, defaultRegion, path, body);
  const putTemplate = (url: string, text: string) => void emulator.cloud.templates.set(url, text);
  // Shared by all comparisons: what one made is never taken for what another one did.
  const bytes = repeatedBytes();
  const { onlyFor } = options;
  const server = createServer((request, response) => {
    if (onlyFor !== undefined && signatureOf(request).accessKeyId !== onlyFor) return void request.socket.destroy();
    const local = request.url?.startsWith('/_sandbox/');
    const answered = local
      ? answerControl(emulator, { reset, putTemplate, order }, request, response)
      : request.method === 'POST' || request.url === '/'
        ? answerApi(emulator, request, response)
        : answerRest(emulator, request, response);
    answered.catch(() => request.socket.destroy());
  });
  // The default of five seconds would race with clients that keep connections for longer.
  server.keepAliveTimeout = 65_000;
  const address = await listen(server, port, host);
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    accountId,
    compare(stack, comparison) {
      emulator.control.reset();
      emulator.cloud = cloudForComparing({ accountId, specification, bytes });
      return compareIn(emulator.cloud, emulator.cloud.region(defaultRegion), stack, comparison);
    },
    copy(copied) {
      emulator.control.reset();
      const { cloud, ...copy } = copyOf({ accountId, specification }, defaultRegion, copied);
      emulator.cloud = cloud;
      return copy;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

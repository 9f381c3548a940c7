import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { sha256 } from '../../kernel/digest.ts';
import { HoldshortError, type RefusalCode } from '../../kernel/errors.ts';
import { bounded } from '../../kernel/safe-text.ts';

/**
 * What a failed request says about its effect. `refused`: AWS answered no, or the request never left this machine, so
 * nothing happened. `unclear`: it may have been carried out (no answer, a server error, an answer that isn't AWS's).
 */
export type Certainty = 'refused' | 'unclear';

/** A failed AWS request. `awsCode` is the service's own error code, where it gave one. */
export class AwsError extends HoldshortError {
  readonly certainty: Certainty;
  readonly awsCode: string | undefined;

  constructor(
    code: RefusalCode,
    message: string,
    recovery: string,
    facts: { certainty: Certainty; awsCode?: string | undefined; cause?: unknown },
  ) {
    super(code, message, recovery, facts.cause);
    this.certainty = facts.certainty;
    this.awsCode = facts.awsCode;
  }
}

/** An answer that no AWS service gives. */
class NotAwsError extends AwsError {}

/**
 * Is this a question that will never be answered here, however often it is asked: the caller may not ask it, or the
 * endpoint doesn't know the operation? (moto answers those with an HTML page.)
 */
export function isUnanswerable(error: unknown): boolean {
  if (!(error instanceof AwsError)) return false;
  return (
    error.code === 'aws_denied' ||
    error instanceof NotAwsError ||
    /^(InvalidAction|Unknown|NotImpl)/.test(error.awsCode ?? '')
  );
}

/** True only when it is certain that the failed request changed nothing. */
export function wasRefused(error: unknown): boolean {
  return error instanceof AwsError && error.certainty === 'refused';
}

/** The service's own code of a failed request (`ValidationError`, `InvalidInstanceID.NotFound`). */
export function awsCodeOf(error: unknown): string | undefined {
  return error instanceof AwsError ? error.awsCode : undefined;
}

const DENIED =
  /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure|OptInRequired|ExpiredToken|RequestExpired|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|InvalidToken|Blocked)/;

/** Nobody listened, so nothing was delivered. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Whatever is about a token that AWS knows already (`IdempotentParameterMismatch`, `IdempotentInstanceTerminated`,
 * `TokenAlreadyExistsException`): nobody else has this ticket's token, so an earlier delivery of the request arrived.
 */
const MAYBE_ARRIVED = /idempoten|token(already|inuse|conflict)|^RequestTimeout/i;

/**
 * Asked too often, which passes by itself; the SDK's list without the quotas (`LimitExceededException`), which don't.
 * EC2 says so with 503. What is throttled is not carried out, whatever the status.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const THROTTLED =
  /^(Throttl(ing|ed)(Exception)?|RequestLimitExceeded|RequestThrottled(Exception)?|EC2ThrottledException|TooManyRequestsException|BandwidthLimitExceeded|PriorRequestNotComplete|SlowDown)$/;

/** Where the request may have arrived, nobody is invited to send it once more. */
const LOOK_FIRST = 'look at the present state with a read tool before anything else';
const CHECK_NETWORK = `check the network, AWS_REGION and AWS_ENDPOINT_URL; ${LOOK_FIRST}`;

const CREDENTIALS = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;

/**
 * The one place where a failure of the SDK becomes ours. What AWS or an endpoint wrote is bounded, escaped and stripped
 * of credentials.
 * @param operation the API operation, `TerminateInstances`
 */
export function awsError(error: unknown, operation: string): HoldshortError {
  if (error instanceof HoldshortError) return error;
  const failure = (error ?? {}) as SdkFailure;
  const status = failure.$metadata?.httpStatusCode;
  const name = String(failure.Code ?? failure.name ?? 'Error');
  if (CREDENTIALS.test(failure.name ?? '')) {
    return new AwsError(
      'aws_unreachable',
      `no AWS credentials for ${operation}: ${outside(failure.message)}`,
      'sign in (for example `aws sso login`) or set AWS_PROFILE for the process that runs holdshort',
      { certainty: 'refused', cause: error },
    );
  }
  if (status === undefined) return noAnswer(failure, operation, error);
  const said = `${operation}: AWS answered ${status} ${outside(name, 80)}: ${outside(failure.message)}`;
  const throttled = THROTTLED.test(name);
  const failed = status >= 500 && !throttled;
  // An answer that can't be read says nothing about the effect, whatever its status.
  if (failed || status < 400 || (/^([A-Z][a-z]+)?Error$/.test(name) && failure.Code === undefined)) {
    return new AwsError('aws_unreachable', said, LOOK_FIRST, {
      certainty: 'unclear',
      awsCode: name,
      cause: error,
    });
  }
  const certainty = MAYBE_ARRIVED.test(name) ? 'unclear' : 'refused';
  if (throttled)
    return new AwsError('aws_unreachable', said, 'AWS is asked too much at the moment: give it a minute', {
      certainty,
      awsCode: name,
      cause: error,
    });
  if (DENIED.test(name)) {
    return new AwsError(
      'aws_denied',
      said,
      `the credentials that holdshort runs with may not do this or are no longer valid: ask your operator; do not try another way`,
      { certainty, awsCode: name, cause: error },
    );
  }
  const recovery = certainty === 'unclear' ? LOOK_FIRST : 'correct what AWS objects to';
  return new AwsError('aws_rejected', said, recovery, {
    certainty,
    awsCode: name,
    cause: error,
  });
}

function noAnswer(failure: SdkFailure, operation: string, cause: unknown): AwsError {
  const code = failure.code ?? failure.errno ?? failure.name ?? 'Error';
  const certainty = NOT_CONNECTED.has(String(failure.code)) ? 'refused' : 'unclear';
  return new AwsError(
    'aws_unreachable',
    `${operation}: no answer from AWS (${outside(String(code), 60)}): ${outside(failure.message)}`,
    CHECK_NETWORK,
    { certainty, cause },
  );
}

/** @param sent did any of it leave this machine? */
export function noAnswerWithin(ms: number, operation: string, sent: boolean): AwsError {
  return new AwsError(
    'aws_unreachable',
    `${operation}: ${sent ? 'no whole answer from AWS' : 'no credentials'} within ${ms / 1000} s`,
    CHECK_NETWORK,
    { certainty: sent ? 'unclear' : 'refused' },
  );
}

/** The call that a request was for, or would have been, was answered, given up, or took too long. */
export function callIsOver(request: 'sent' | 'not sent'): AwsError {
  return new AwsError('aws_unreachable', 'the call was over before AWS had told enough', 'ask for less, or later', {
    certainty: request === 'sent' ? 'unclear' : 'refused',
  });
}

/**
 * An endpoint that isn't AWS: a proxy's login page, an emulator's stack trace. What it did with the request can't be
 * told.
 */
export function notAws(operation: string, status: number, body: string): AwsError {
  return new NotAwsError(
    'aws_unreachable',
    `${operation}: the endpoint answered ${status} with something that is not AWS: "${outside(body, 100)}"`,
    `check AWS_ENDPOINT_URL and any proxy in between; ${LOOK_FIRST}`,
    { certainty: 'unclear' },
  );
}

/** @param most bytes */
export function tooLong(operation: string, most: number): AwsError {
  return new AwsError(
    'aws_unreachable',
    `${operation}: the answer is longer than ${most} bytes, and was not read on`,
    `ask for less: a smaller template, fewer things at once; ${LOOK_FIRST}`,
    { certainty: 'unclear' },
  );
}

interface SdkFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly errno?: number | string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What AWS or an endpoint wrote, bounded, escaped and stripped of credentials. */
export function outside(text: string | undefined, limit = 400): string {
  return bounded(hideCredentials(text || 'no message').trim(), limit, sha256);
}

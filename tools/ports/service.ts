/** A client of the AWS SDK, of whatever service. */
export interface SdkClient {
  readonly middlewareStack: object;
  readonly config: object;
  send(command: never, options?: never): Promise<unknown>;
}

/** What every client of a session is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
    readonly httpAgent: { readonly keepAlive: boolean };
    readonly httpsAgent: { readonly keepAlive: boolean };
  };
  credentials(): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }>;
}

export type ClientClass<C extends SdkClient> = new (settings: ClientSettings) => C;

export interface OwnSettings {
  /** Of the client's class alone, beside those of every client. */
  readonly settings?: object;
  /** The root elements of the service's answers, where it doesn't have one of AWS's query protocols. */
  readonly answers?: RegExp;
}

/** Where and as whom a service's requests are sent, and until when. */
export interface Session {
  readonly region: string;
  /** Aborted when nobody waits for an answer any more. */
  readonly over: AbortSignal | undefined;
  /**
   * The client of this class (`RDSClient`) with this session's credentials, attempts and time limits; made once. What
   * it can't be trusted to say, as an answer that isn't AWS's, fails. Nothing is sent once the call is over.
   */
  client<C extends SdkClient>(Client: ClientClass<C>, own?: OwnSettings): C;
  /** What all calls of this region and role share; made once. */
  kept<T extends object>(make: () => T): T;
}

/**
 * An AWS service as its tools see it: what may be read, and what changes. A tool asks for them by the service
 * (`readers.of(LEDGER)`), so that a new service needs no line elsewhere.
 */
export interface Service<R extends object, P extends object, W extends object> {
  /** In front of its tools' names, and among the names that `--toolset` takes. */
  readonly name: string;
  readers(session: Session): R;
  /** What planning may make, where it must make something. */
  planners?(session: Session): P;
  /** Each method sends exactly one request, once. */
  writers(session: Session): W;
}

import type { Caller, Planners, Readers, Writers } from '../../tools/define.ts';
import type { Keepers } from '../../tools/ports/keepers.ts';
import type { Service, Session } from '../../tools/ports/service.ts';
import { CLOUDFORMATION, stackKeeper } from './cloudformation/service.ts';
import { EC2, ec2ThingsKeeper } from './ec2/service.ts';
import { endingWith, sendingAfter } from './request/call.ts';
import type { Clients } from './request/clients.ts';
import type { First } from './request/deadline.ts';
import type { SentRequest, TrailRecord } from './trail/accepted.ts';

/*
 * Each service brings its own ports. CloudFormation's and EC2's are there by name as well, as most tools use one of
 * them.
 */

function sessionOf(clients: Clients, over: AbortSignal | undefined): Session {
  const { region, kept } = clients;
  return { region, over, kept, client: (Client, own) => endingWith(clients.client(Client, own), over) };
}

/** The reading ports of one region; made for each call, so that they end with it. */
export function readersFrom(clients: Clients): (caller: Caller, over?: AbortSignal) => Readers {
  return (caller, over) => {
    const session = sessionOf(clients, over);
    const of = <R extends object>(service: Service<R, object, object>): R => service.readers(session);
    const ownership: Readers['ownership'] = {
      async find(things, mine = [], most) {
        if (things.length + mine.length === 0) return { things: [], mine: [] };
        const { findOwners } = await import('./ownership/find.ts');
        return await findOwners(things, mine, session, caller, most);
      },
    };
    return { cloudformation: of(CLOUDFORMATION), ec2: of(EC2), ownership, of, caller };
  };
}

/** What recovery kits are made from; it ends with `over`. */
export function keepersFrom(clients: Clients, over: AbortSignal): Keepers {
  const session = sessionOf(clients, over);
  return { cloudformation: stackKeeper(session), ec2: ec2ThingsKeeper(session) };
}

/** What CloudTrail tells of requests; it ends with `over`. */
export function trailFrom(clients: Clients, over: AbortSignal) {
  return async (request: SentRequest, caller: Caller): Promise<TrailRecord | undefined> => {
    const { acceptedRequest } = await import('./trail/accepted.ts');
    return await acceptedRequest(request, sessionOf(clients, over), caller);
  };
}

/** What planning may make; it ends with its call. */
export function plannersFrom(clients: Clients, over: AbortSignal | undefined): Planners {
  const session = sessionOf(clients, over);
  const of = <P extends object>(service: Service<object, P, object>): P => {
    const planners = service.planners?.(session);
    if (!planners) throw new Error(`${service.name} makes nothing while planning`);
    return planners;
  };
  return { cloudformation: of(CLOUDFORMATION), of };
}

/**
 * The writing ports.
 * @param first awaited when a request is signed and about to leave; where it fails, nothing is sent
 */
export function writersFrom(clients: Clients, first?: First): Writers {
  const plain = sessionOf(clients, undefined);
  const session: Session = first
    ? { ...plain, client: (Client, own) => sendingAfter(plain.client(Client, own), first) }
    : plain;
  const of = <W extends object>(service: Service<object, object, W>): W => service.writers(session);
  return { cloudformation: of(CLOUDFORMATION), ec2: of(EC2), of };
}

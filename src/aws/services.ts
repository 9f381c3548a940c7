import type { Service, Session } from '../../tools/ports/service.ts';
import { endingWith } from './request/call.ts';
import type { Clients } from './request/clients.ts';

function sessionOf(clients: Clients, name: string, over: AbortSignal | undefined): Session {
  const { region } = clients;
  return { region, over, client: (make) => endingWith(clients.client(name, make), over) };
}

/** The reading ports of any service. */
export function readersOf(clients: Clients, over: AbortSignal | undefined) {
  return <R extends object>(service: Service<R, object, object>): R =>
    service.readers(sessionOf(clients, service.name, over));
}

/** The writing ports of any service. */
export function writersOf(clients: Clients) {
  return <W extends object>(service: Service<object, object, W>): W =>
    service.writers(sessionOf(clients, service.name, undefined));
}

/** What planning may make of any service. */
export function plannersOf(clients: Clients, over: AbortSignal | undefined) {
  return <P extends object>(service: Service<object, P, object>): P => {
    const planners = service.planners?.(sessionOf(clients, service.name, over));
    if (!planners) throw new Error(`${service.name} makes nothing while planning`);
    return planners;
  };
}

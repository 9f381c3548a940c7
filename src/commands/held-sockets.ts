/** The first descriptor that a service manager hands on, after the three standard ones. */
const FIRST = 3;

/**
 * The listening sockets that a service manager holds for this process, as file descriptors: systemd's protocol,
 * sd_listen_fds(3). While it holds the port, no other process can take it, also when this one is down: anyone who has
 * the port is the page's origin.
 * @param environment `LISTEN_PID` and `LISTEN_FDS`; meant for a parent or child of this process, they say nothing
 */
export function heldSockets(environment: NodeJS.ProcessEnv, pid: number): readonly number[] {
  if (environment.LISTEN_PID !== String(pid)) return [];
  const count = Number(environment.LISTEN_FDS);
  return Number.isInteger(count) && count > 0 ? Array.from({ length: count }, (_, index) => FIRST + index) : [];
}

import { record } from './document.ts';

/** Anything but a plain no: what can't be read as one may be a yes. */
export function isNoEcho(parameter: unknown): boolean {
  return !/^(undefined|false|no)$/i.test(String(record(parameter).NoEcho));
}

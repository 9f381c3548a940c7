/** It brings no types of its own. */
declare module 'pgpass' {
  interface Connecting {
    readonly host?: string | undefined;
    readonly port?: number | undefined;
    readonly database?: string | undefined;
    readonly user?: string | undefined;
  }
  export default function find(to: Connecting, found: (password: string | undefined) => void): void;
}

/**
 * Where the store is, when it is a PostgreSQL database; undefined for the file in the state folder. The sandbox's
 * tickets are in a folder of its own, whatever the environment says.
 */
export function storeAddress(env: NodeJS.ProcessEnv, sandbox: boolean): string | undefined {
  return sandbox || !env.HOLDSHORT_STORE ? undefined : env.HOLDSHORT_STORE;
}

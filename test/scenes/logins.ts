/** Where approvals need no login. */
export const NO_LOGINS = { logins: async () => undefined, loginFlow: async () => undefined };

import type { Desk } from '../../approvals/desk.ts';
import { clientSecret } from '../config/login.ts';
import type { Config } from '../config.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { loginsWith } from '../kernel/login.ts';

export type LoginsHere = Pick<Desk, 'logins' | 'loginFlow'>;

/**
 * Logins as the configuration asks for them now, looked at with keys that this process fetched from the issuer. Where
 * none is asked for, nothing of it is loaded.
 */
export function loginsOf(
  rules: () => Promise<Pick<Config, 'login'>>,
  monotonic: () => number = () => performance.now(),
): LoginsHere {
  const issuers = new Map<string, Issuer>();
  const issuerOf = async (issuer: string) => {
    const { issuerAt } = await import('../issuer/issuer.ts');
    const known = issuers.get(issuer) ?? issuerAt(issuer, monotonic);
    issuers.set(issuer, known);
    return known;
  };
  return {
    logins: async (decisions) => {
      const { login: rule } = await rules();
      if (!rule) return undefined;
      const tokens = [...new Set(loginsWith(decisions))];
      if (tokens.length === 0) return { rule, proofs: new Map() };
      const [{ proofOf }, issuer] = await Promise.all([import('../issuer/id-token.ts'), issuerOf(rule.issuer)]);
      const looked = tokens.map(async (token) => [token, await proofOf(token, issuer)] as const);
      return { rule, proofs: new Map(await Promise.all(looked)) };
    },
    loginFlow: async () => {
      const { login: rule } = await rules();
      if (!rule) return undefined;
      const { loginFlow } = await import('../issuer/authorization-code.ts');
      return loginFlow(rule, await issuerOf(rule.issuer), () => clientSecret(rule));
    },
  };
}

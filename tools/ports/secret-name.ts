/** It names a secret, no matter what surrounds it. */
const ANYWHERE =
  /pass(word|wd|phrase|code|wort)|kennwort|pwd|secret|token|credential|(private|api|access)[ _-]?key|connection[ _-]?string|user[ _-]?data/i;

/**
 * They count as words of their own: `bypass`, `author` and `spin` name nothing secret. The name comes in lower case,
 * its words apart by blanks.
 */
const WORDS =
  /\b((db|user|root|admin|pg|sql|mysql|redis|smtp|mail|ftp|ssh|sudo)?pass|pw|mdp|o?auth|authorization|bearer|jwt|sas|hmac|salt|pin|dsn|cookie|session (key|id)|sessionid|webhook( (url|uri))?|(encryption|signing|account|shared|master|license|ssh|client|storage) ?keys?)\b/;

/** Last words that say that the name is about a secret, not of one: `AuthType`, `EncryptionKeyArn`, `pass_through`. */
const ABOUT =
  /\b(algorithm|arn|config|configuration|count|domain|duration|enabled|expiration|expiry|group|length|method|methods|mode|name|percent|policy|provider|providers|rate|required|role|scope|scopes|size|spec|through|timeout|ttl|type|types|version|id)$/;

/**
 * Settings of AWS's own that say how secrets are dealt with, and are none: whether less is asked of them must be read.
 * By their whole names alone; what is within such a one is looked at by its own name.
 */
const SETTINGS =
  /\b(AccessTokenValidity|ExplicitAuthFlows|HttpTokens|IdTokenValidity|ImagePullCredentialsType|PasswordHistorySize|PasswordPolicy|PreTokenGenerationConfig|RefreshTokenValidity|TemporaryPasswordValidityDays|TokenValidityUnits)\b/g;

/**
 * A claim that an identity provider makes of who signs in: what a role's trust asks of it must be read. GitHub's is
 * called `token.actions.githubusercontent.com`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const CLAIM = /^[\w-]+(?:\.[\w-]+){1,10}(?:\/[\w./-]{0,200})?:(?:amr|aud|azp|oaud|sub)$/i;

/**
 * What names ways to sign in, in an OpenAPI document: of `Jwt: []` the name says nothing of a value. What is in such a
 * one is looked at by its own names; text beside them isn't one.
 * https://spec.openapis.org/oas/v3.0.3#security-requirement-object
 */
const NAMES_SCHEMES = /^(securitySchemes|securityDefinitions|security)$/;

export function namesSchemes(name: string): boolean {
  return NAMES_SCHEMES.test(name);
}

/** Does the name say that the value is a secret? An agent, a plan and a log have no use for it either way. */
export function namesSecret(name: string): boolean {
  // The last part of a path, such as `Parameters.Pwd`, is the name.
  return isSecret(name) || isSecret(name.replace(/^.*[.:/]/, ''));
}

function isSecret(given: string): boolean {
  if (CLAIM.test(given)) return false;
  const name = given.replace(SETTINGS, '');
  if (ANYWHERE.test(name)) return true;
  const words = wordsOf(name);
  return WORDS.test(words) && !(ABOUT.test(words) && !/\bsession id$/.test(words));
}

/** `dbPass2`, `DB_PASS-2`, `DBPass.2` → `db pass 2`. */
function wordsOf(name: string): string {
  return name
    .replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])/g, ' ')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

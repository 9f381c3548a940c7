import { isRecord, record } from './document.ts';
import type { HiddenValues } from './hidden-values.ts';
import { namesIn } from './named-in.ts';
import { secretReading } from './secret-reads.ts';

/** What a value reads of a secret that the template makes itself. */
export interface OwnRead {
  /** The secret's logical id, or that of what has it; empty where it can't be told. */
  readonly id: string;
  /** `SecretString:password` */
  readonly what: string;
}

/**
 * Members of a database's secret that say who signs in and where, and aren't secret.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
const NO_SECRET = /^(dbClusterIdentifier|dbInstanceIdentifier|dbname|engine|host|port|username)$/;
const SECRET = 'AWS::SecretsManager::Secret';
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';
const DATABASE = /^AWS::RDS::DB(Cluster|Instance)$/;

/** For one template. */
export function ownSecrets(values: HiddenValues): (value: unknown) => readonly OwnRead[] {
  const resources = record(values.template.Resources);
  const reads = secretReading(values.template);
  return (value) => {
    const { own } = reads(value);
    if (own.length === 0) return [];
    const ids = [...namesIn(value).names].map(idOf).filter((id) => isSecret(typeOf(id)));
    return (ids.length === 0 ? [''] : ids).flatMap((id) =>
      own.flatMap((what) => (isNoSecret(id, what) ? [] : [{ id, what }])),
    );
  };

  function typeOf(id: string): string {
    return Object.hasOwn(resources, id) ? String(record(resources[id]).Type) : '';
  }

  /** The attacker writes a secret of which `username` is what nobody may see. */
  function isNoSecret(id: string, what: string): boolean {
    const key = /^SecretString:(\w+)(:|$)/.exec(what)?.[1] ?? '';
    if (!NO_SECRET.test(key)) return false;
    const type = typeOf(id);
    if (DATABASE.test(type)) return true;
    const properties = record(record(resources[id]).Properties);
    if (type === ATTACHMENT) {
      const [target = '', ...more] = [...namesIn(properties.SecretId).names].map(idOf);
      return more.length === 0 && typeOf(target) === SECRET && isNoSecret(target, what);
    }
    const { SecretString, GenerateSecretString } = properties;
    const { GenerateStringKey, SecretStringTemplate } = record(GenerateSecretString);
    if (SecretString !== undefined || !isRecord(GenerateSecretString)) return false;
    if (typeof GenerateStringKey !== 'string' || GenerateStringKey === key) return false;
    const { own, others } = reads(SecretStringTemplate);
    return own.length === 0 && !others && !values.takes(SecretStringTemplate);
  }
}

function isSecret(type: string): boolean {
  return type === SECRET || type === ATTACHMENT || DATABASE.test(type);
}

function idOf(name: string): string {
  return name.split('.')[0] ?? '';
}

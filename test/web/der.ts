/*
 * The pieces of DER of which certificates are made: Node makes keys and signatures but no certificates.
 * https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */

export const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag, ...lengthOf(body)), body]);
};
/** Browsers refuse a length that isn't in its shortest form. */
const lengthOf = ({ length }: Buffer) =>
  length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
export const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
export const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const time = (at: number) =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

const DAY_MS = 86_400_000;

/** From a day ago for two days, or that many days later. */
export const validity = (daysLater = 0) => {
  const from = Date.now() + (daysLater - 1) * DAY_MS;
  return sequence(time(from), time(from + 2 * DAY_MS));
};

export const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));

export function pem(certificate: Buffer): string {
  const text = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
}

/** A range of addresses, as its first address and how many bits of it are fixed. */
export interface Cidr {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly bits: number;
  /** Was it written with the first address of the range? */
  readonly exact: boolean;
}

const SIZE = { 4: 32, 6: 128 } as const;

/**
 * Reads a CIDR; undefined for what is none. Host bits are dropped, as AWS does:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', length = ''] = /^([0-9a-fA-F.:]{2,39})\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const version = address.includes(':') ? 6 : 4;
  const value = version === 6 ? ipv6(address) : ipv4(address);
  const bits = Number(length);
  if (value === undefined || bits > SIZE[version]) return undefined;
  const host = BigInt(SIZE[version] - bits);
  const first = (value >> host) << host;
  return { version, first, bits, exact: first === value };
}

/** Is every address of `inner` in `outer`? */
export function holds(outer: Cidr, inner: Cidr): boolean {
  if (outer.version !== inner.version || inner.bits < outer.bits) return false;
  const host = BigInt(SIZE[outer.version] - outer.bits);
  return inner.first >> host === outer.first >> host;
}

/** RFC 1918, RFC 3927, RFC 4193 and RFC 4291 (link-local): addresses that no route on the internet leads to. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'].flatMap(
  (text) => parseCidr(text) ?? [],
);

/** Does a CIDR hold private addresses only? What isn't a literal one may be anything. */
export function isPrivateCidr(cidr: unknown): boolean {
  const range = typeof cidr === 'string' ? parseCidr(cidr) : undefined;
  return range !== undefined && PRIVATE.some((block) => holds(block, range));
}

function ipv4(text: string): bigint | undefined {
  const parts = text.split('.');
  // A leading zero is octal to some and decimal to others.
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function ipv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: gap }, () => '0'), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

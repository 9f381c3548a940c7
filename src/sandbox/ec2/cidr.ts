import { isIP } from 'node:net';

/**
 * The range as AWS keeps it, without host bits; undefined for what is none. "100.68.0.18/18" becomes "100.68.0.0/18":
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */
export function canonicalCidr(text: string, version: 4 | 6): string | undefined {
  const [, address = '', length = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const size = version === 4 ? 32 : 128;
  const bits = Number(length);
  if (isIP(address) !== version || bits > size || (version === 6 && address.includes('.'))) return undefined;
  const width = version === 4 ? 8 : 16;
  const masked = groupsOf(address, version).map((group, at) => {
    const kept = Math.min(width, Math.max(0, bits - at * width));
    return group & ~((1 << (width - kept)) - 1);
  });
  if (version === 4) return `${masked.join('.')}/${bits}`;
  // The URL parser writes IPv6 addresses in their one canonical form.
  const host = new URL(`http://[${masked.map((group) => group.toString(16)).join(':')}]`).hostname;
  return `${host.slice(1, -1)}/${bits}`;
}

function groupsOf(address: string, version: 4 | 6): number[] {
  if (version === 4) return address.split('.').map(Number);
  const [head = '', tail] = address.split('::');
  const parts = (half: string) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return parts(head);
  const [front, back] = [parts(head), parts(tail)];
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

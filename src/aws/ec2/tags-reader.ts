import { DescribeNetworkInterfacesCommand, DescribeTagsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Ec2Reader } from '../../../tools/ports/ec2.ts';
import { every } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { tagsOf } from '../tags.ts';
import { KINDS } from './kinds.ts';
import { byId, FULL_PAGE, paged } from './reading.ts';

/** @param known finds what each id names: DescribeTags itself knows only what has tags */
export function taggedReader(client: EC2Client, known: Omit<Ec2Reader, 'tagged'>): Pick<Ec2Reader, 'tagged'> {
  const interfacesById = (ids: readonly string[]) =>
    byId(KINDS.eni, ids, 'network_interface_id', async (NetworkInterfaceIds) => {
      const sent = client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }));
      const { NetworkInterfaces } = await called(sent, 'DescribeNetworkInterfaces');
      const idOf = ({ NetworkInterfaceId = '' }) => ({ network_interface_id: NetworkInterfaceId });
      return listed('DescribeNetworkInterfaces', NetworkInterfaces, undefined, idOf);
    });
  const byPrefix: Readonly<Record<string, (ids: readonly string[]) => Promise<unknown>>> = {
    i: known.instancesById,
    vol: known.volumesById,
    snap: known.snapshotsById,
    ami: known.imagesById,
    sg: known.securityGroupsById,
    vpc: known.vpcsById,
    subnet: known.subnetsById,
    eipalloc: known.addressesById,
    eni: interfacesById,
  };
  const demandAll = async (prefix: string, ids: readonly string[]) => {
    const find = Object.hasOwn(byPrefix, prefix) ? byPrefix[prefix] : undefined;
    if (!find) throw new Error(`resources whose id begins with ${prefix}- are not known`);
    await find(ids);
  };
  return {
    async tagged(ids) {
      for (const prefix of new Set(ids.map(prefixOf)))
        await demandAll(
          prefix,
          ids.filter((id) => prefixOf(id) === prefix),
        );
      if (ids.length === 0) return [];
      const filters = [{ name: 'resource-id', values: ids }];
      const all = await every('DescribeTags', async (cursor) => {
        const sent = client.send(new DescribeTagsCommand(paged({ filters, cursor, limit: FULL_PAGE })));
        const { Tags, NextToken } = await called(sent, 'DescribeTags');
        return listed('DescribeTags', Tags, NextToken, (tag) => tag);
      });
      if (all.some(({ Key, ResourceId }) => !Key || !ResourceId)) throw notAws('DescribeTags', 200, 'a tag of nothing');
      return ids.map((id) => ({ id, tags: tagsOf(all.filter(({ ResourceId }) => ResourceId === id)) }));
    },
  };
}

function prefixOf(id: string): string {
  return id.slice(0, id.lastIndexOf('-'));
}

import { ADDRESSES } from './ec2/addresses.ts';
import { CONNECTIONS } from './ec2/connections.ts';
import { ENDPOINTS } from './ec2/endpoints.ts';
import { FLEETS } from './ec2/fleets.ts';
import { INSTANCES } from './ec2/instances.ts';
import { MIRRORS } from './ec2/mirrors.ts';
import { NETWORK } from './ec2/network.ts';
import { ROUTES } from './ec2/routes.ts';
import { NETWORK_RULES } from './ec2/rules.ts';
import { STORAGE } from './ec2/storage.ts';
import { VERIFIED_ACCESS } from './ec2/verified-access.ts';
import type { Service } from './language.ts';

export const EC2: Service = {
  ...VERIFIED_ACCESS,
  ...ADDRESSES,
  ...CONNECTIONS,
  ...ENDPOINTS,
  ...FLEETS,
  ...INSTANCES,
  ...MIRRORS,
  ...NETWORK,
  ...NETWORK_RULES,
  ...ROUTES,
  ...STORAGE,
};

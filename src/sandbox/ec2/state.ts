/** What EC2 keeps of each region. */
import { stateOf } from '../region-state.ts';
import type { Instance, Volume } from './model.ts';
import { defaultNetwork } from './network.ts';
import type { Image, LaunchTemplate, Snapshot } from './storage-model.ts';

export const instancesIn = stateOf(() => new Map<string, Instance>());
export const volumesIn = stateOf(() => new Map<string, Volume>());
export const snapshotsIn = stateOf(() => new Map<string, Snapshot>());
export const imagesIn = stateOf(() => new Map<string, Image>());
export const launchTemplatesIn = stateOf(() => new Map<string, LaunchTemplate>());
export const networkIn = stateOf(({ name }) => defaultNetwork(name));

/** Client tokens, with a digest of the request and the reservation that they made. */
export const clientTokensIn = stateOf(() => new Map<string, { request: string; reservationId: string }>());
/** Client tokens of CreateVolume, with the request and the volume that it made. */
export const volumeTokensIn = stateOf(() => new Map<string, { request: string; volumeId: string }>());

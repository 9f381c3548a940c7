import { REST_APIS } from './apigateway/rest-apis.ts';
import { STAGES } from './apigateway/stages.ts';
import type { Service } from './language.ts';

export const API_GATEWAY: Service = { ...REST_APIS, ...STAGES };

import { userInfo } from 'node:os';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';

/** Whoever runs the command line acts as the hub's operator, under the name of the machine's account. */
export const OPERATOR: HubPrincipal = { kind: 'operator', actorId: `cli:${userInfo().username}` };

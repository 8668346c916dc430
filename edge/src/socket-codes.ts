/** Why the edge closes a socket. 4000 and up are left to applications by the protocol; 1013 is its own "try again later". */
export const CLOSED = { expired: 4401, revoked: 4401, redirected: 4301, away: 1013 } as const;

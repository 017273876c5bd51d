/** A bearer token per actor: the load generator sends them, the server of the bench knows them. */
export const TOKENS = { portal: 'bench-token-of-the-portal', agent: 'bench-token-of-the-agent' } as const

import { createSecretKey } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import type { OidcConfig } from '../../../src/staff/identity/config.js'
import { CALLBACK_PATH } from '../../../src/staff/identity/oidc.js'

const SECRET = 'rahasia-klien-uji-coba-32-karakter'

export interface Issuer {
  readonly config: OidcConfig
  /** What everybody who signs in from now on belongs to. */
  groups: readonly string[]
  close(): void
}

/** A real provider on loopback, under whichever of its names; its own development pages stand for the institution's. `origin`: where people go back to. */
export async function startIssuer(origin: string, host = '127.0.0.1'): Promise<Issuer> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`
  const config: OidcConfig = {
    clientId: 'pulih',
    clientSecret: createSecretKey(Buffer.from(SECRET)),
    issuer,
    scope: 'openid profile',
    groupsClaim: 'groups',
    groups: [
      { group: 'pulih-agen', role: 'agent', officeId: 'pusat' },
      { group: 'pulih-audit', role: 'auditor', officeId: null },
    ],
  }
  const it: Issuer = {
    config,
    groups: [],
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: config.clientId,
        client_secret: SECRET,
        redirect_uris: [origin + CALLBACK_PATH],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], profile: ['groups'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['uji'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, groups: [...it.groups] }) }),
  })
  const answer = provider.callback()
  server.on('request', (request, response) => void answer(request, response))
  return it
}

import { createHash } from 'node:crypto'
import type { Delivery } from '../../../db/types.js'
import { escapeHtml } from '../../escapeHtml.js'
import type { LocalMessage } from '../../messages/index.js'
import { ok, route, type ApiDeps, type Reply, type Route } from '../context.js'
import { Mailbox } from '../shapes.js'
import { iso } from '../words.js'

const SHOWN = 200
const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
article{border:1px solid #bbb;border-radius:.5rem;padding:1rem;margin:1rem 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}
dt{color:#555}dd{margin:0;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:0 0 .5rem}pre{white-space:pre-wrap;font:inherit;margin:.5rem 0 0}`
/** Only this page's own style; no script, no image, nothing from elsewhere. */
const CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The local mailbox: what the embedded sink took instead of sending it. Not there at all unless the configuration says so. */
export const mailboxRoutes = ({ store, config, services }: ApiDeps): readonly Route[] =>
  config.mailbox && !config.production
    ? [
        route({
          method: 'get',
          path: '/mailbox',
          operationId: 'mailbox',
          summary: 'Kotak surat lokal: messages that the embedded sink took; a page, or JSON by Accept.',
          access: 'open',
          reply: { status: 200, description: 'Newest first, at most 200.', schema: Mailbox, media: 'text/html' },
          problems: [],
          handle: async (call) => {
            const deliveries = (await store.listDeliveries('mailbox', null, SHOWN)).toSorted(
              (a, b) => b.deliveredAt - a.deliveredAt,
            )
            const messages = (await services.messages.mailbox?.list(SHOWN)) ?? []
            return call.accepts('html', 'json') === 'html'
              ? page(messages, deliveries)
              : ok({ messages: messages.map(localView), items: deliveries.map(messageView) })
          },
        }),
      ]
    : []

const localView = ({ at, ...message }: LocalMessage) => ({ ...message, at: iso(at) })

const messageView = ({ ticketId, seq, deliveredAt, body }: Delivery) => ({
  ticketId,
  seq,
  deliveredAt: iso(deliveredAt),
  body,
})

const page = (messages: readonly LocalMessage[], deliveries: readonly Delivery[]): Reply => ({
  status: 200,
  headers: { 'Content-Security-Policy': CSP },
  body: {
    html: `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Kotak surat lokal · Pulih</title><style>${STYLE}</style></head>
<body><main><h1>Kotak surat lokal</h1>
<p>Pesan yang pada instalasi sungguhan dikirim lewat e-mail atau SMS. Halaman ini hanya ada pada instalasi percobaan.</p>
${messages.length === 0 ? '<p>Belum ada pesan.</p>' : messages.map(letter).join('\n')}
<h2>Untuk petugas dan sistem lain</h2>
${deliveries.length === 0 ? '<p>Belum ada pesan.</p>' : deliveries.map(article).join('\n')}
</main></body></html>
`,
  },
})

const letter = ({ channel, to, subject, text, at }: LocalMessage): string =>
  `<article><h2>${escapeHtml(subject ?? 'SMS')}</h2><dl><dt>${channel === 'email' ? 'e-mail' : 'SMS'}</dt><dd>${escapeHtml(to)}</dd><dt>at</dt><dd>${escapeHtml(iso(at))}</dd></dl><pre>${escapeHtml(text)}</pre></article>`

const article = ({ ticketId, seq, deliveredAt, body }: Delivery): string => {
  const at = typeof body['at'] === 'number' ? { at: iso(body['at']) } : {}
  const rows = Object.entries({ ...body, ...at, ticketId, seq, deliveredAt: iso(deliveredAt) })
  const heading = typeof body['template'] === 'string' ? body['template'] : 'pesan'
  const list = rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(asText(value))}</dd>`).join('')
  return `<article><h2>${escapeHtml(heading)}</h2><dl>${list}</dl></article>`
}
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

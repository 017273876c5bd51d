import type { Label } from '../../machines/ticketType.js'
import type { AssetPaths } from './assets.js'
import { markup, nothing, type Html } from './html.js'
import { errorSummary } from './parts.js'
import type { PortalDeps, View, Visit } from './visit.js'
import { common } from './words/common.js'

/** The last: where it is current, if that is not below its own address. */
const MENU: readonly (readonly [href: string, label: Label, within?: string])[] = [
  ['/pengaduan', common.menuFile],
  ['/status/pengaduan', common.menuStatus, '/status'],
  ['/gagal-masuk', common.menuTriage],
  ['/tanya-jawab', common.menuFaq],
]

/** What of a request a page's head and foot are made from. */
export interface Frame extends Pick<Visit, 'say' | 'language' | 'path' | 'to'> {
  readonly deps: Pick<PortalDeps, 'engine'> & { readonly config: Pick<PortalDeps['config'], 'production' | 'mailbox'> }
}

/** A whole page: what is said in it, and what every page has, in the same place (WCAG 3.2.6). */
export function page(visit: Frame, view: View, assets: AssetPaths, outages: readonly Label[] = []): string {
  const { say, language } = visit
  const { title, faults = [], body, back, wide = false } = view
  const heading = `${faults.length > 0 ? say(common.errorPrefix) : ''}${title} – ${say(common.service)}`
  const whole = markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${heading}</title>
<link rel="stylesheet" href="${assets.style}">
<link rel="icon" type="image/svg+xml" href="${assets.icon}">
<script src="${assets.script}" type="module"></script>
</head>
<body${watching(visit, view)}>
<a class="skip" href="#isi">${say(common.skip)}</a>
${header(visit)}
<main id="isi" tabindex="-1"${wide ? markup` class="wide"` : nothing}>
${back === undefined ? nothing : markup`<p class="back"><a href="${visit.to(back)}">${say(common.back)}</a></p>`}
${outages.map((it) => markup`<div class="inset warn" data-outage><p>${say(it)}</p></div>`)}
${errorSummary(visit, faults)}
<h1>${title}</h1>
${body}
</main>
${footer(visit)}
</body>
</html>
`
  return whole.text
}

/** What the script of a page that waits goes by. */
function watching({ to }: Frame, { watch, live, version }: View): Html {
  if (watch === undefined) return nothing
  const stream = live === undefined ? nothing : markup` data-live="${to(live)}"`
  return markup` data-watch="${to(watch)}" data-version="${version ?? 0}"${stream}`
}

function header(visit: Frame): Html {
  const { say, path, language } = visit
  const other = language === 'id' ? 'en' : 'id'
  const there = `${other === 'en' ? '/en' : ''}${path}`
  const current = (href: string) =>
    path === href || path.startsWith(`${href}/`) ? markup` aria-current="true"` : nothing
  return markup`<header>
    <div class="band" aria-hidden="true"></div>
    <div class="bar">
      <a class="brand" href="${visit.to('/pengaduan')}"
        ><span class="mark" aria-hidden="true"></span
        ><span><b>${say(common.service)}</b><span class="tag">${say(common.tagline)}</span></span></a
      >
      <a class="tongue" href="${there}" lang="${other}" hreflang="${other}">${say(common.otherLanguage)}</a>
    </div>
    <nav aria-label="${say(common.menu)}">
      <ul>
        ${MENU.map(([href, label, within = href]) => markup`<li><a href="${visit.to(href)}" ${current(within)}>${say(label)}</a></li>`)}
      </ul>
    </nav>
  </header>`
}

function footer(visit: Frame): Html {
  const { say, deps } = visit
  return markup`<footer>
    <div class="feet">
      <p class="free">${say(common.free)}</p>
      <h2>${say(common.help)}</h2>
      <ul class="help">
        <li><a href="tel:175">${say(common.helpCall)}</a></li>
        <li><a href="mailto:${say(common.helpMail)}">${say(common.helpMail)}</a></li>
        <li><a href="${visit.to('/cabang')}">${say(common.helpBranch)}</a></li>
        <li><a href="${visit.to('/privasi')}">${say(common.privacy)}</a></li>
      </ul>
      ${onExample(visit) ? markup`<p class="soft">${say(common.example)}</p>` : nothing}
      ${deps.config.mailbox && !deps.config.production ? markup`<p class="soft">${say(common.demoMail)} <a href="/mailbox">${say(common.demoMailLink)}</a></p>` : nothing}
    </div>
  </footer>`
}

/** D5: an example says so wherever it shows. */
const onExample = ({ deps: { engine } }: Frame): boolean =>
  engine.reference.hasOffice('pusat') &&
  engine.reference.calendar(engine.reference.office('pusat').calendarId).spec.example

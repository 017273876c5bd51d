import type { Channel } from '../../../db/intake/people.js'
import type { Contact } from '../../privacy/index.js'
import { markup, type Html } from './html.js'
import type { Draft } from './drafts.js'
import type { Visit } from './visit.js'
import { wizard } from './words/wizard.js'

/** The pages of a complaint in their order; a page opens when those before it are answered. */
export const STEPS = [
  '/pengaduan/identitas',
  '/pengaduan/email',
  '/pengaduan/email/kode',
  '/pengaduan/hp',
  '/pengaduan/hp/kode',
  '/pengaduan/dokumen',
  '/pengaduan/periksa',
] as const
export type Step = (typeof STEPS)[number]

export const contactIn = (contacts: readonly Contact[], channel: Channel): Contact | undefined =>
  contacts.find((it) => it.channel === channel)

/** The first page that is not answered yet. */
export function nextStep({ answers }: Draft, contacts: readonly Contact[]): Step {
  const proven = (channel: Channel) => contactIn(contacts, channel)?.proven === true
  const open: readonly (readonly [Step, boolean])[] = [
    ['/pengaduan/identitas', answers.identity === undefined],
    ['/pengaduan/email', answers.email === undefined],
    ['/pengaduan/email/kode', !proven('email')],
    ['/pengaduan/hp', answers.phone === undefined],
    ['/pengaduan/hp/kode', !proven('phone')],
    ['/pengaduan/dokumen', answers.documentsDone !== true],
  ]
  return open.find(([, isOpen]) => isOpen)?.[0] ?? '/pengaduan/periksa'
}

/** How far one is; the codes belong to the page of their address. */
export function progress({ say }: Visit, step: Step): Html {
  const numbered = STEPS.filter((it) => !it.endsWith('/kode'))
  const n = numbered.indexOf(step.replace(/\/kode$/, '') as Step) + 1
  const all = numbered.length
  return markup`<p class="step">${say(wizard.step, { n, all })}</p>
    <ol class="steps" aria-hidden="true">
      ${numbered.map((_, at) => markup`<li${at < n ? markup` class="on"` : ''}></li>`)}
    </ol>`
}

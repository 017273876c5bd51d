import type { Channel } from '../../../db/intake/people.js'
import type { Html } from './html.js'
import { field, type FieldOptions } from './parts.js'
import type { Visit } from './visit.js'
import { wizard } from './words/wizard.js'

const BOXES = {
  email: {
    label: wizard.email,
    hint: wizard.emailHint,
    type: 'email',
    inputmode: 'email',
    autocomplete: 'email',
    width: 40,
  },
  phone: { label: wizard.phone, hint: wizard.phoneHint, type: 'tel', inputmode: 'tel', autocomplete: 'tel', width: 20 },
} as const satisfies Readonly<Record<Channel, Omit<FieldOptions, 'name' | 'faults'>>>

/** The box for a new address of this channel, with the keyboard that a phone shows for it. */
export const contactField = (
  visit: Visit,
  channel: Channel,
  filled: Pick<FieldOptions, 'name' | 'faults' | 'optional'> & { readonly value: string },
): Html => field(visit, { ...filled, ...BOXES[channel] })

import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon.js'

export type Tone = 'plain' | 'good' | 'warn' | 'bad'

/** A word or two with a sign; the tone only repeats what the words say (1.4.1). */
export const Tag = ({ tone = 'plain', icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) => (
  <span className={`tag ${tone}`}>
    {icon !== undefined && <Icon name={icon} />}
    {children}
  </span>
)

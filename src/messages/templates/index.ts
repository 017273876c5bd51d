import { codeTemplates } from './codes.js'
import { progressTemplates } from './progress.js'
import { securityTemplates } from './security.js'
import type { Template } from './template.js'

export { FOOTER, type Facts, type Spoken, type Template } from './template.js'

export const templates: readonly Template[] = [...codeTemplates, ...progressTemplates, ...securityTemplates]
const byName = new Map(templates.map((it) => [it.name, it]))

/** Undefined for a message that only staff get. */
export const templateOf = (name: string): Template | undefined => byName.get(name)

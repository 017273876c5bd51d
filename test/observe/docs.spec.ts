import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { observeVariables } from '../../src/observe/config.js'
import { defineMetrics } from '../../src/observe/registry.js'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\||\|$/g, '').trim()))

it('docs/operations.md lists every metric with its labels, and none that is not there', () => {
  const documented = rows
    .filter(([name]) => /^`(pulih|http)_/.test(name!))
    .map(([name, labels]) => [name!.replaceAll('`', ''), labels!.split(', ').filter(Boolean).toSorted().join()])
  const defined = defineMetrics().registry.getMetricsAsArray() as unknown as { name: string; labelNames: string[] }[]
  expect(documented.toSorted()).toEqual(
    defined
      .map(({ name, labelNames }) => [
        name,
        labelNames
          .filter((it) => it !== 'le')
          .toSorted()
          .join(),
      ])
      .toSorted(),
  )
})

it('docs/operations.md lists every variable of metrics and traces', () => {
  const documented = rows.map(([name]) => name!.replaceAll('`', ''))
  expect(Object.keys(observeVariables).filter((name) => !documented.includes(name))).toEqual([])
})

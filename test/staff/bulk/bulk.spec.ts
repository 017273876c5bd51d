import { describe, expect, it } from 'vitest'
import { csv } from '../../../src/staff/bulk/index.js'
import { bulkFeatures } from './bulk.features.js'

bulkFeatures('SQLite')

describe('verdicts as CSV', () => {
  it.each([
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['+62', `"'+62"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['＝1+1', `"'＝1+1"`],
    ['＠SUM(A1)', `"'＠SUM(A1)"`],
    ['a,b', '"a,b"'],
    ['PGD-7K3M-9QXR', 'PGD-7K3M-9QXR'],
  ])('A37 no cell opens as a formula: %j', (value, cell) => {
    expect(csv(['x'], [[value]])).toBe(`x\r\n${cell}\r\n`)
  })

  it('keeps numbers and nothing apart from texts', () => {
    expect(csv(['n', 'none'], [[-5, null]])).toBe('n,none\r\n-5,\r\n')
  })
})

import { useQuery } from '@tanstack/react-query'
import { officesQuery } from '../api/queries.js'
import { common } from '../words/common.js'
import { useWords } from '../words/index.js'
import { SelectField } from './Field.js'

interface Props {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly onChange: (officeId: string) => void
  readonly hint?: string | undefined
  readonly fault?: string | undefined
  /** Only those that people can go to. */
  readonly branches?: boolean
  /** What no choice means. */
  readonly empty?: string
  /** Only these. */
  readonly among?: readonly string[] | null
}

/** An office by its name; nobody types a code. */
export function OfficeField({ branches = false, among = null, empty, onChange, ...rest }: Props) {
  const { choose } = useWords(common)
  const { data } = useQuery(officesQuery)
  const shown = (data?.items ?? []).filter(
    (it) => (!branches || it.kind === 'cabang') && (among === null || among.includes(it.officeId)),
  )
  return (
    <SelectField
      {...rest}
      empty={empty ?? choose}
      options={shown.map((it) => ({ value: it.officeId, text: it.name }))}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

/** What an office is called; its code until that is known. */
export function useOfficeName(): (officeId: string) => string {
  const { data } = useQuery(officesQuery)
  return (officeId) => data?.items.find((it) => it.officeId === officeId)?.name ?? officeId
}

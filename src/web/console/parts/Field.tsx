import { useId, type ComponentProps, type ReactNode } from 'react'

interface Common {
  readonly label: string
  readonly hint?: string | undefined
  readonly fault?: string | undefined
}

/** A label, what helps, what is wrong, and the control that they belong to. */
function Frame({ id, label, hint, fault, children }: Common & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={`field${fault === undefined ? '' : ' wrong'}`}>
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p className="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
      {children}
    </div>
  )
}
const described = (id: string, { hint, fault }: Common) =>
  [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`].filter(Boolean).join(' ') ||
  undefined

export function TextField({ label, hint, fault, ...rest }: Common & ComponentProps<'input'>) {
  const own = useId()
  const id = rest.id ?? own
  return (
    <Frame id={id} label={label} hint={hint} fault={fault}>
      <input
        {...rest}
        id={id}
        aria-describedby={described(id, { label, hint, fault })}
        aria-invalid={fault === undefined ? undefined : true}
      />
    </Frame>
  )
}

export interface Option {
  readonly value: string
  readonly text: string
}
export function SelectField({
  label,
  hint,
  fault,
  options,
  empty,
  ...rest
}: Common & { readonly options: readonly Option[]; readonly empty?: string } & Omit<
    ComponentProps<'select'>,
    'children'
  >) {
  const own = useId()
  const id = rest.id ?? own
  return (
    <Frame id={id} label={label} hint={hint} fault={fault}>
      <select
        {...rest}
        id={id}
        aria-describedby={described(id, { label, hint, fault })}
        aria-invalid={fault === undefined ? undefined : true}
      >
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((it) => (
          <option key={it.value} value={it.value}>
            {it.text}
          </option>
        ))}
      </select>
    </Frame>
  )
}

export function TextArea({ label, hint, fault, ...rest }: Common & ComponentProps<'textarea'>) {
  const own = useId()
  const id = rest.id ?? own
  return (
    <Frame id={id} label={label} hint={hint} fault={fault}>
      <textarea {...rest} id={id} aria-describedby={described(id, { label, hint, fault })} />
    </Frame>
  )
}

/** A choice of one or none, to be ticked. */
export function Tick({ children, ...rest }: ComponentProps<'input'>) {
  return (
    <label className="tick">
      <input {...rest} type="checkbox" />
      <span>{children}</span>
    </label>
  )
}

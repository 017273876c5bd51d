import { useEffect, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { asProblem, getBlob } from '../../api/client.js'
import { documentsQuery, ticketPath } from '../../api/queries.js'
import type { DocumentItem } from '../../api/types.js'
import { useKeys } from '../../app/keys.js'
import { SelectField } from '../../parts/Field.js'
import { Empty, Loaded, Loading, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { UploadButton } from './Upload.js'
import { documentWords } from './documentWords.js'

interface ViewerProps {
  readonly id: string
  readonly auto: boolean
  /** The case still takes documents. */
  readonly uploads: boolean
}
/** Pages of documents, each asked for by itself: every view is written down, and says on the picture who looked. */
export function Viewer({ id, auto, uploads }: ViewerProps) {
  const t = useWords(documentWords)
  const query = useQuery(documentsQuery(id))
  return (
    <Section title={t.documents} id="dokumen" aside={uploads && <UploadButton id={id} />}>
      <Loaded query={query}>
        {({ items }) => (items.length === 0 ? <Empty>{t.noDocuments}</Empty> : <Shelf {...{ id, items, auto }} />)}
      </Loaded>
    </Section>
  )
}

function Shelf({
  id,
  items,
  auto,
}: {
  readonly id: string
  readonly items: readonly DocumentItem[]
  readonly auto: boolean
}) {
  const t = useWords(documentWords)
  const words = useWords(codes)
  const times = useTimes()
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = items.find((it) => it.documentId === chosen) ?? items.find((it) => it.state === 'accepted') ?? items[0]
  if (shown === undefined) return null
  const name = (it: DocumentItem) => `${coded(words.document, it.kind)} · ${times.clock(it.receivedAt)}`
  return (
    <>
      <SelectField
        label={t.documents}
        value={shown.documentId}
        onChange={(event) => setChosen(event.target.value)}
        options={items.map((it) => ({ value: it.documentId, text: `${name(it)} · ${t.docState[it.state]}` }))}
      />
      <p className="tags">
        <Tag tone={shown.state === 'accepted' ? 'good' : shown.state === 'refused' ? 'bad' : 'plain'}>
          {t.docState[shown.state]}
        </Tag>
        {shown.seenBefore.some((it) => it.how === 'same') && (
          <Tag tone="warn" icon="warn">
            {t.seenSame}
          </Tag>
        )}
        {shown.seenBefore.some((it) => it.how === 'alike') && (
          <Tag tone="warn" icon="warn">
            {t.seenAlike}
          </Tag>
        )}
      </p>
      {shown.state === 'accepted' && <Pages key={shown.documentId} id={id} of={shown} auto={auto} />}
    </>
  )
}

const ZOOMS = [1, 1.5, 2, 3, 4] as const

function Pages({ id, of, auto }: { readonly id: string; readonly of: DocumentItem; readonly auto: boolean }) {
  const t = useWords(documentWords)
  const words = useWords(codes)
  const [page, setPage] = useState(1)
  const [zoom, setZoom] = useState(0)
  const [turns, setTurns] = useState(0)
  const [asked, setAsked] = useState(auto)
  const go = (to: number) => {
    if (to < 1 || to > of.pages) return
    setPage(to)
    setAsked(true)
  }
  const scale = (by: number) => setZoom(Math.min(Math.max(zoom + by, 0), ZOOMS.length - 1))
  const turn = () => setTurns((turns + 1) % 4)
  useKeys({
    '+': () => scale(1),
    '=': () => scale(1),
    '-': () => scale(-1),
    '0': () => setZoom(0),
    ']': () => go(page + 1),
    '[': () => go(page - 1),
    o: turn,
  })
  const kind = coded(words.document, of.kind)
  if (!asked && !auto)
    return (
      <div>
        <p className="fine">{t.showNote}</p>
        <button type="button" className="button quiet" onClick={() => setAsked(true)}>
          {t.show}
        </button>
      </div>
    )
  return (
    <div className="viewer">
      <div className="tools" role="group" aria-label={t.documents}>
        <Tool label={t.previous} sign="‹" onClick={() => go(page - 1)} disabled={page <= 1} />
        <span>{t.page(page, of.pages)}</span>
        <Tool label={t.following} sign="›" onClick={() => go(page + 1)} disabled={page >= of.pages} />
        <Tool label={t.smaller} sign="−" onClick={() => scale(-1)} disabled={zoom === 0} />
        <Tool label={t.larger} sign="+" onClick={() => scale(1)} disabled={zoom === ZOOMS.length - 1} />
        <Tool label={t.fit} sign="⤢" onClick={() => setZoom(0)} disabled={zoom === 0} />
        <Tool label={t.turn} sign="⟳" onClick={turn} />
      </div>
      <Picture
        path={ticketPath(id, `/documents/${encodeURIComponent(of.documentId)}/pages/${page}`)}
        alt={t.alt(kind, page)}
        zoom={ZOOMS[zoom] ?? 1}
        turns={turns}
      />
      <p className="fine">{t.showNote}</p>
    </div>
  )
}

const Tool = ({ label, sign, ...rest }: { label: string; sign: string; onClick: () => void; disabled?: boolean }) => (
  <button type="button" className="button tool" aria-label={label} title={label} {...rest}>
    <span aria-hidden="true">{sign}</span>
  </button>
)

function Picture({ path, alt, zoom, turns }: { path: string; alt: string; zoom: number; turns: number }) {
  const t = useWords(documentWords)
  // Kept as long as it is looked at and no longer.
  const query = useQuery({
    queryKey: ['page', path],
    queryFn: ({ signal }) => getBlob(path, signal),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  const url = useObjectUrl(query.data)
  if (query.error !== null) return <Problem of={asProblem(query.error)} onRetry={() => void query.refetch()} quiet />
  if (url === null) return <Loading />
  return (
    <div className="sheet" role="region" aria-label={t.area} tabIndex={0}>
      <img src={url} alt={alt} data-turns={turns} style={{ width: `${zoom * 100}%` }} />
    </div>
  )
}

function useObjectUrl(blob: Blob | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (blob === undefined) return
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => {
      setUrl(null)
      URL.revokeObjectURL(made)
    }
  }, [blob])
  return url
}

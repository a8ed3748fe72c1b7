import { useSyncExternalStore } from 'react'

/** Where the reader is: the part of the address after `#/`. */
export interface Route {
  page: string
  /** What follows the page, such as a segment's name. */
  rest: readonly string[]
  query: URLSearchParams
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page = '', ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent)
  return { page: page || 'overview', rest, query: new URLSearchParams(query) }
}

/** The address of a page. Empty values are omitted. */
export function hrefOf(path: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const search = new URLSearchParams(given).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${search && `?${search}`}`
}

export function goTo(href: string): void {
  location.hash = href
}

/** Changes the current page's query, without a new entry in the history. */
export function setQuery(changes: Readonly<Record<string, string | undefined>>): void {
  const { page, rest, query } = parseRoute(location.hash)
  history.replaceState(null, '', hrefOf([page, ...rest], { ...Object.fromEntries(query), ...changes }))
  dispatchEvent(new HashChangeEvent('hashchange'))
}

let mayLeave: () => boolean = () => true
let shown = location.hash

// Registered before any page listens, so that a page never hears of a move that the reader took back.
addEventListener('hashchange', (event) => {
  if (pathOf(location.hash) === pathOf(shown) || mayLeave()) {
    shown = location.hash
    return
  }
  event.stopImmediatePropagation()
  location.hash = shown
})

const pathOf = (hash: string) => hash.split('?')[0]

/** Asks before the reader leaves the page by a link or by the browser's buttons. Returns how to stop asking. */
export function askBeforeLeaving(question: string): () => void {
  const warn = (event: BeforeUnloadEvent) => event.preventDefault()
  mayLeave = () => confirm(question)
  addEventListener('beforeunload', warn)
  return () => {
    mayLeave = () => true
    removeEventListener('beforeunload', warn)
  }
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash))
}

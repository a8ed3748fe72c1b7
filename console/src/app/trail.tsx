import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import { setTitle } from '../parts/set-names'
import { PAGES } from './pages'
import { hrefOf, useRoute, type Route } from './route'

/** Where the reader is, from the page of the navigation down to one thing. */
export function Trail() {
  const route = useRoute()
  const page = PAGES.find((one) => one.id === route.page)
  if (!page) return null
  const run = route.query.get('run') ?? undefined
  const items = [route.page, ...route.rest].map((_, place, path) => ({
    text: place === 0 ? page.title : wordsOf(route, place - 1),
    href: hrefOf(path.slice(0, place + 1), { run }),
  }))
  return <BreadcrumbGroup ariaLabel="Where this page is" items={items} />
}

/** What follows a campaign's id, or stands in its place. */
const CAMPAIGN_PARTS: Readonly<Record<string, string>> = { new: 'New campaign', edit: 'Edit', runs: 'Runs' }

/** A part of the address in words: a set's title, or the first characters of a key. */
function wordsOf({ page, rest }: Route, place: number): string {
  const part = rest[place] ?? ''
  if (page === 'builder' && part === 'new') return 'Build a set'
  if (page === 'campaigns') return CAMPAIGN_PARTS[part] ?? part
  if (place === 0 && (page === 'segments' || page === 'builder')) return setTitle(part)
  return page === 'customers' || page === 'inbox' ? part.slice(0, 8) : part
}

import type { LoadReport, PlacedSegment, SetDestinations } from '../../../api/schema'
import { destinationTitle } from '../../../parts/destinations'

/** A destination of the shop, and what the run left there of a segment. */
export interface Row {
  name: string
  title: string
  /** Whether the next run makes the segment there. Undefined where the shop no longer has the destination. */
  gets: boolean | undefined
  reason: string | null
  load: LoadReport | undefined
  placed: PlacedSegment | undefined
}

interface Segment {
  /** Its name at destinations, and its label. */
  segment: string
  label: string
}

/** The shop's destinations, then those that only the run had. */
export function rowsOf(where: SetDestinations | undefined, loads: readonly LoadReport[], segment: Segment): readonly Row[] {
  const own = (where?.items ?? []).map(({ destination, title, gets, reason }) => ({ name: destination, title, gets, reason }))
  const known = new Set(own.map((one) => one.name))
  const past = loads.filter((load) => !known.has(load.destination))
  const others = past.map(({ destination: name }) => ({ name, title: destinationTitle(name), gets: undefined, reason: null }))
  return [...own, ...others].map((one) => {
    const load = loads.find((each) => each.destination === one.name)
    return { ...one, load, placed: load && placedIn(load, segment) }
  })
}

const placedIn = (load: LoadReport, { segment, label }: Segment): PlacedSegment | undefined =>
  load.segments.find((placed) => placed.name === segment || placed.label === label)

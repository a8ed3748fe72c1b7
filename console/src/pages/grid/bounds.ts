import { count, money } from '../../format/figures'

/** The values that give a score, in words. The best recency score is the shortest silence. */
export function boundsOf(measure: string, thresholds: readonly number[], score: number, currency: string): string {
  const place = measure === 'recency' ? thresholds.length + 1 - score : score - 1
  const above = thresholds[place - 1]
  const upTo = thresholds[place]
  return measure === 'monetary' ? amounts(above, upTo, currency) : wholes(above, upTo, UNITS[measure] ?? '')
}

const UNITS: Readonly<Record<string, string>> = { recency: 'days', frequency: 'orders' }

function amounts(above: number | undefined, upTo: number | undefined, currency: string): string {
  if (above === undefined) return upTo === undefined ? 'any' : `up to ${money(upTo, currency)}`
  if (upTo === undefined) return `more than ${money(above, currency)}`
  return `${money(above, currency)} to ${money(upTo, currency)}`
}

/** Days and orders are whole, so a limit of 13.8 days means 13 or less. */
function wholes(above: number | undefined, upTo: number | undefined, unit: string): string {
  const from = above === undefined ? undefined : Math.floor(above) + 1
  const to = upTo === undefined ? undefined : Math.floor(upTo)
  if (from === undefined) return to === undefined ? `any ${unit}` : `up to ${withUnit(to, unit)}`
  if (to === undefined) return `${count(from)} ${unit} or more`
  return from >= to ? withUnit(to, unit) : `${count(from)} to ${count(to)} ${unit}`
}

const withUnit = (value: number, unit: string): string => `${count(value)} ${value === 1 ? unit.slice(0, -1) : unit}`

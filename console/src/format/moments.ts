/** Days and moments in the reader's locale. */

import { ABSENT } from './figures'

const LOCALE = navigator.language
const DAY = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' })
const MONTH = new Intl.DateTimeFormat(LOCALE, { month: 'short', year: 'numeric', timeZone: 'UTC' })
const MOMENT = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' })

type Instant = string | null | undefined

/** A calendar day, such as a run's `as_of`: the same for every reader. */
export const day = (value: Instant): string => formatted(value, DAY)

export const month = (value: Instant): string => formatted(value, MONTH)

/** A moment, in the reader's own time zone. */
export const moment = (value: Instant): string => formatted(value, MOMENT)

/** How long something took: "42 s", "3 min 5 s", "1 h 4 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

function formatted(value: Instant, format: Intl.DateTimeFormat): string {
  if (!value) return ABSENT
  const instant = new Date(value)
  return Number.isNaN(instant.getTime()) ? value : format.format(instant)
}

import { ABSENT, count, percent } from '../../../format/figures'

/** How many of a group did something, and their share of it, which a withheld comparison does not show. */
export function shareOf(some: number, people: number, { isWithheld, did = '' }: { isWithheld: boolean; did?: string }): string {
  if (people === 0) return 'Nobody yet'
  return isWithheld ? `${ABSENT} of ${count(people)}` : `${percent(some / people)}${did}: ${count(some)} of ${count(people)}`
}

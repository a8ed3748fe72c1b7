import type { Problem } from '../../../../api/problem'
import type { Offer } from '../../../../api/schema'

/** The form's fields as they are typed. The margin is in percent. */
export interface Typed {
  cost: string
  margin: string
  budget: string
}

export type Field = keyof Typed

export const EMPTY: Typed = { cost: '', margin: '', budget: '' }

const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

/** What is wrong with each field, empty where nothing is. */
export function faultsOf({ cost, margin, budget }: Typed): Readonly<Record<Field, string>> {
  const isMoney = (text: string) => number(text) >= 0 && Number.isFinite(number(text))
  return {
    cost: isMoney(cost) ? '' : 'Expected an amount of 0 or more.',
    margin: number(margin) > 0 && number(margin) <= 100 ? '' : 'Expected a percentage above 0 and up to 100.',
    budget: budget.trim() === '' || isMoney(budget) ? '' : 'Expected an amount of 0 or more, or nothing.',
  }
}

export const termsOf = ({ cost, margin, budget }: Typed): Offer => ({
  cost: number(cost),
  margin: number(margin) / 100,
  budget: budget.trim() === '' ? null : number(budget),
})

/** The terms as a part of an address, and back. */
export const queryOf = ({ cost, margin, budget }: Offer): Readonly<Record<string, string | undefined>> => ({
  cost: String(cost),
  margin: String(margin),
  budget: typeof budget === 'number' ? String(budget) : undefined,
})

export function termsFrom(query: URLSearchParams): Offer {
  const budget = query.get('budget')
  return { cost: Number(query.get('cost')), margin: Number(query.get('margin')), budget: budget === null ? null : Number(budget) }
}

/** The field that a refusal is about, where it names one: "offer: cost is −1, expected …". */
export function fieldOf(problem: Problem): Field | undefined {
  const named = problem.errors.map(({ field }) => field.split('.').at(-1) ?? '')
  const inWords = /^offer: (\w+) is/.exec(problem.detail)?.[1] ?? ''
  return [...named, inWords].find((one): one is Field => one in EMPTY)
}

import type { Product } from '../../api/schema'
import { toNumber } from '../../format/figures'

export type Measure = 'money' | 'buyers'

/** As many as the run keeps at least of either measure, or fewer. */
const SHOWN = 25

export const nameOf = (product: Product): string => product.name ?? product.code ?? ''

export const valueOf = (product: Product, measure: Measure): number =>
  measure === 'money' ? (toNumber(product.money) ?? 0) : product.buyers

/** The first products by a measure. Equal ones keep the order of the run, by money. */
export const firstBy = (measure: Measure, items: readonly Product[]): Product[] =>
  items.toSorted((one, other) => valueOf(other, measure) - valueOf(one, measure)).slice(0, SHOWN)

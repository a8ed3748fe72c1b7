/** Sets that give a label to each pair of two other sets' labels. */
import { HEAD, hasOnly, isRecord, isTexts, newTexts, type Head, type Texts } from '../definition.ts'

export type Pair = readonly [string, string]

interface PairsLabel extends Texts {
  pairs: readonly Pair[]
}

export interface CombinedSet extends Head {
  of: Pair
  label: readonly PairsLabel[]
  otherwise?: Texts
}

/** Stands for any label. */
export const ANY = '*'

/** Whether the set combines two others in pairs that the form shows whole. */
export function isCombined(definition: unknown): definition is CombinedSet {
  if (!isRecord(definition) || !hasOnly(definition, ...HEAD, 'of', 'label', 'otherwise')) return false
  const { of, label: labels, otherwise } = definition
  const isLabel = (label: unknown) => isTexts(label) && Array.isArray(label.pairs) && label.pairs.every(isPair)
  return isPair(of) && Array.isArray(labels) && labels.every(isLabel) && (otherwise === undefined || isTexts(otherwise))
}

const isPair = (value: unknown): value is Pair =>
  Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'string')

export const newPairsLabel = (place: number): PairsLabel => ({ ...newTexts(place), pairs: [[ANY, ANY]] })

/** A new set over two others. */
export const newCombined = (first: string, second: string): CombinedSet => ({
  name: '',
  prefix: '',
  meaning: '',
  of: [first, second],
  label: [newPairsLabel(1)],
})

import type { SetDocument } from '../../api/schema'
import { isRecord, isTexts, isTextsList, type Definition } from './definition.ts'

/** A set whose labels another one can read. */
interface OtherSet {
  name: string
  labels: readonly string[]
}

/** What a definition can refer to: the segments, and the other sets that the next run computes. */
export interface Choices {
  segments: readonly string[]
  sets: readonly OtherSet[]
}

export function choicesOf(name: string, documents: readonly SetDocument[], segments: readonly string[]): Choices {
  const others = documents.filter((one) => one.in_use && one.name !== name)
  return { segments, sets: others.map((one) => ({ name: one.name, labels: labelsOf(one.definition) })) }
}

/** All labels of a set, in the order to show them. */
export function labelsOf({ label, numbered, empty, otherwise }: Definition): readonly string[] {
  const own = isTextsList(label) ? label.map((one) => one.label) : numbers(numbered)
  const rest = [empty, otherwise].filter(isTexts).map((one) => one.label)
  return [...own, ...rest]
}

function numbers(numbered: unknown): readonly string[] {
  if (!isRecord(numbered)) return []
  const first = Number(numbered.first)
  return Array.from({ length: Number(numbered.last) - first + 1 }, (_, place) => String(first + place))
}

/** Why a customer has these labels: the document of `tessera explain --json`. */

export interface ScoreOf {
  value: number | string | null
  score: number
  of: number
  above: number | null
  up_to: number | null
}

export interface QuantityOf {
  title: string
  grade: 'full' | 'ranking' | 'none'
  column: string
  value: number | string | null
  from: number | string | null
  to: number | string | null
  tenth: number | null
  why: readonly string[]
}

export interface LabelOf {
  label: string
  meaning: string | null
  action: string | null
}

export interface Explanation {
  scores?: Readonly<Record<string, ScoreOf>> | null
  segment?: LabelOf & { cell: string | null }
  sets?: Readonly<Record<string, LabelOf>>
  forecast?: { quantities: readonly QuantityOf[]; orders?: readonly string[] } | null
  sentences: readonly string[]
}

/** Reads the explanation. The API describes it as an object only. */
export function explanationOf(document: Readonly<Record<string, unknown>>): Explanation {
  const sentences = Array.isArray(document.sentences) ? document.sentences.map(String) : []
  return { ...(document as Partial<Explanation>), sentences }
}

import type { ErasureDetail } from '../../api/schema'
import { saveJson } from '../../api/download'

type Signed = NonNullable<ErasureDetail['receipt']>

/** What a receipt has for people. A later version may have more, and the file has all of it. */
export interface Receipt {
  finished_at?: string
  unknown?: number
  objects?: readonly { kind: string; rewritten: number; rows: number; deleted: number; versions: number }[]
  tables?: Readonly<Record<string, number>>
  destinations?: readonly { destination: string; title: string; answers: Readonly<Record<string, number>>; failed: string; by_hand: string }[]
  search?: { versions: number; hits: number }
  not_done?: readonly string[]
  ages_out?: readonly { what: string; days: number; why: string; until?: string | null }[]
}

export const receiptOf = (signed: Signed): Receipt => signed.receipt as Receipt

/** Saves a receipt as `tessera erase --verify` reads it. */
export function saveReceipt(id: string, signed: Signed): void {
  saveJson(signed, `receipt-${id}`)
}

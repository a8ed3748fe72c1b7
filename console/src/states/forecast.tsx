import type { ReactNode } from 'react'
import { ABSENT } from '../format/figures'
import { Withheld } from './withheld'

interface Props {
  /** Why there is no figure. */
  reason: string | null | undefined
  /** How many customers the figure is about. Without any there is nothing to forecast. */
  buyers: number
  children: ReactNode
}

/** A forecast's figure, or that it is withheld. It is never shown as 0. */
export function Forecast({ reason, buyers, children }: Props) {
  if (children !== null && children !== undefined) return children
  return buyers === 0 ? ABSENT : <Withheld reason={reason} />
}

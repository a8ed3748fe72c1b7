import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { EffectSlice } from '../../../api/schema'

type Given = EffectSlice['conversion']['verdict']

interface Props {
  verdict: Given
  words: Readonly<{ more: string; less: string }>
  /** Which of the two is what a campaign is for. */
  isGood?: 'more' | 'less'
}

/** A verdict in words, never by colour alone. */
export function Verdict({ verdict, words, isGood = 'more' }: Props) {
  return <StatusIndicator type={typeOf(verdict, isGood)}>{textOf(verdict, words)}</StatusIndicator>
}

/** Why there is no figure where the sizes of the groups do not fit the holdout. */
export const NOT_ALIKE = 'Withheld: the groups are not alike.'

function typeOf(verdict: Given, isGood: 'more' | 'less'): StatusIndicatorProps.Type {
  if (verdict === 'inconclusive') return 'info'
  if (verdict === 'withheld') return 'warning'
  return verdict === isGood ? 'success' : 'error'
}

function textOf(verdict: Given, words: Props['words']): string {
  if (verdict === 'inconclusive') return 'Inconclusive'
  return verdict === 'withheld' ? 'Withheld' : words[verdict]
}

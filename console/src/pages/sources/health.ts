import type { SourceHealth } from '../../api/schema'
import { count, percent } from '../../format/figures'
import { moment } from '../../format/moments'

/** Whether its next upload should have come by a moment. The run knew only what was late when it ended. */
export const isLate = (source: SourceHealth, now: number): boolean =>
  source.due_by !== null && now > Date.parse(source.due_by)

/** What is unusual about a source, a clause each. Empty where it is healthy or too young to judge. */
export function findings(source: SourceHealth, now: number): string[] {
  return [
    isLate(source, now) ? `late since ${moment(source.due_by ?? '')}` : '',
    source.volume === 'less' ? 'fewer rows than usual' : '',
    source.volume === 'more' ? 'more rows than usual' : '',
    source.refusals === 'more' ? 'more refused rows than usual' : '',
  ].filter(Boolean)
}

export function usualRows({ usual_rows: usual }: SourceHealth): string {
  return usual ? `${count(usual.least)} to ${count(usual.most)}` : ''
}

export const refusedShare = ({ rows, refused }: SourceHealth): string => percent(rows ? refused / rows : 0)

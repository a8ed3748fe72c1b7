import { ABSENT } from '../../format/figures'
import { duration } from '../../format/moments'

/** How long a run or a state took. */
export function took(of: { started_at: string | null; finished_at: string | null }): string {
  if (!of.started_at || !of.finished_at) return ABSENT
  return duration((Date.parse(of.finished_at) - Date.parse(of.started_at)) / 1000)
}

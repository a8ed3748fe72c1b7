import { useRoute } from '../../app/route'
import { SegmentPage } from './segment-page'
import { SetPage } from './set-page'

/** Every set, or one segment's own page. */
export default function SegmentsPage() {
  const { rest } = useRoute()
  const [set, label] = rest
  return set && label ? <SegmentPage set={set} label={label} /> : <SetPage set={set} />
}

import Link from '@cloudscape-design/components/link'
import { useAppearance } from '../app/appearance'
import { hrefOf } from '../app/route'
import { segmentColour } from '../charts/palette'

interface Props {
  set: string
  label: string
  /** Its place in the set's own order, which decides its colour. */
  index: number
  run?: string | undefined
}

/** A segment's colour and its name, which leads to its page. */
export function SegmentName({ set, label, index, run }: Props) {
  const { appearance } = useAppearance()
  return (
    <>
      <span className="tile" style={{ background: segmentColour(appearance, index) }} />
      <Link href={hrefOf(['segments', set, label], { run })}>{label}</Link>
    </>
  )
}

import Box from '@cloudscape-design/components/box'
import Link from '@cloudscape-design/components/link'
import { useGet } from '../../api/use-get'
import type { LabelOfRun } from '../../api/schema'
import { hrefOf } from '../../app/route'
import { day } from '../../format/moments'
import { asSentence } from '../../format/words'
import { Small } from '../../parts/small'
import { Loaded } from '../../states/loaded'

/** The customer's segment from run to run, the newest first, with the cause of each change. */
export function LabelsOverTime({ customerKey, run }: { customerKey: string; run: string | undefined }) {
  const query = useGet('/v1/customers/{customer_key}/labels', { customer_key: customerKey, run })
  return (
    <Loaded query={query} what="the labels over time">
      {({ items, more }) => (
        <>
          <ol className="labels-over-time" aria-label="Segment over time">
            {items.map((item, place) => (
              <li key={item.run_id}>
                <Link href={hrefOf(['runs', item.run_id])}>{day(item.as_of)}</Link>: {item.label ?? 'not known'}
                {item.words && (
                  <Small>{reasonOf(item, items[place + 1]?.label ?? (more && place + 1 === items.length))}</Small>
                )}
              </li>
            ))}
          </ol>
          {more && (
            <Box variant="small" color="text-body-secondary">
              Earlier runs knew the customer too.
            </Box>
          )}
        </>
      )}
    </Loaded>
  )
}

function reasonOf({ label, words }: LabelOfRun, knownBefore: string | boolean): string {
  const what = label ? (knownBefore ? 'Changed' : 'New') : 'Left'
  return asSentence(`${what} because ${words}`)
}

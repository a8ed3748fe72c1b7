import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { EffectOutlook } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { count, percent } from '../../format/figures'
import { Loaded } from '../../states/loaded'
import { atLeast, termsWords } from '../effect/outlook-words'
import type { Definition } from './definition'

interface Props {
  /** Who would get the campaign, held-out people included. */
  people: number
  definition: Definition
  /** Whether the holdout can still be changed. */
  isOpen: boolean
}

/** The smallest effect that the campaign can show, said before anything is sent. */
export function Detectable({ people, definition: { holdout, schedule, result_days }, isOpen }: Props) {
  const weekly = schedule.kind !== 'once'
  const query = useGet('/v1/effect-outlook', { people, weekly, result_days, holdout: holdout.share })
  return (
    <section aria-label="What can be detected" aria-live="polite">
      <Loaded query={query} what="what can be detected">
        {(outlook) => <Answer outlook={outlook} people={people} weekly={weekly} share={holdout.share} isOpen={isOpen} />}
      </Loaded>
    </section>
  )
}

interface AnswerProps {
  outlook: EffectOutlook
  people: number
  weekly: boolean
  share: number
  isOpen: boolean
}

function Answer({ outlook, people, weekly, share, isOpen }: AnswerProps) {
  const { rows, conversion, lift, smallest_share: smallest } = outlook
  const row = rows.find((one) => Math.abs(one.share - share) < 1e-9)
  if (!row) return null
  const who = weekly ? `If ${count(people)} people enter every week` : `With ${count(people)} people`
  const canShow = row.detectable_lift < 1 / conversion - 1
  const isFine = row.detectable_lift <= lift
  return (
    <Alert type={isFine ? 'success' : canShow ? 'info' : 'warning'} header="Smallest effect that can be detected">
      <SpaceBetween size="xxs">
        <Box>
          {who} and {percent(share, 0)} held out, {canShow ? `${percent(row.detectable_lift)} more buyers can be seen${weekly ? ' within a year' : ''}. A smaller effect stays inconclusive.` : 'no effect can be seen: everybody would have to buy.'}
        </Box>
        {!isFine && isOpen && (
          <Box>
            {smallest === null
              ? `No holdout shows ${percent(lift, 0)} more buyers. It takes more people.`
              : `Hold out ${atLeast(smallest)} to see ${percent(lift, 0)} more buyers.`}
          </Box>
        )}
        <Box color="text-body-secondary">{termsWords(outlook)}</Box>
      </SpaceBetween>
    </Alert>
  )
}

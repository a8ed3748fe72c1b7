import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { send } from '../../../api/request'
import { useAction } from '../../../api/use-action'
import { count, points } from '../../../format/figures'
import { day } from '../../../format/moments'
import { ProblemAlert } from '../../../states/problem-alert'

const SEED = 1

/** What the simulator of this machine did. The deployed API has no such route. */
interface Simulation {
  messages: number
  reactions: Readonly<Record<string, number>>
  orders: number
  as_of: string
  /** The true changes of the three promised figures, by their name. */
  promised?: Readonly<Record<string, number>>
}

/** Lets made-up people react to the messages of a run, on this machine alone. */
export function Simulate({ run, onSimulated }: { run: string; onSimulated: () => void }) {
  const [done, setDone] = useState<Simulation>()
  const action = useAction()
  const simulate = () =>
    void action.run(async () => {
      const response = await send(`/local/campaign-runs/${encodeURIComponent(run)}/simulate`, { method: 'POST', body: { seed: SEED } })
      setDone((await response.json()) as Simulation)
      onSimulated()
    })
  return (
    <SpaceBetween size="s">
      {action.problem && <ProblemAlert problem={action.problem} />}
      <Alert
        type="info"
        header="Only on this machine"
        action={
          <Button loading={action.busy} onClick={simulate}>
            Simulate reactions
          </Button>
        }
      >
        {done ? wordsOf(done) : 'The mails here reach nobody. A simulator can make up opens, clicks, bounces, opt-outs and purchases. All figures from it are marked.'}
      </Alert>
    </SpaceBetween>
  )
}

function wordsOf({ messages, reactions, orders, as_of: asOf, promised = {} }: Simulation): string {
  const kinds = Object.entries(reactions).map(([kind, people]) => `${kind} ${count(people)}`)
  const truths = Object.entries(promised).map(([figure, change]) => `${figure} ${points(change)} points`)
  const truth = truths.length > 0 ? ` The truth, which the results should have in their intervals: ${truths.join(', ')}.` : ''
  return `Simulated for ${count(messages)} messages: ${kinds.join(', ') || 'no reaction'}, and ${count(orders)} orders until ${day(asOf)}.${truth}`
}

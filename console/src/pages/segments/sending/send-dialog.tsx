import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Link from '@cloudscape-design/components/link'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { SetDestination, SetDestinations } from '../../../api/schema'
import { post, put, useAction } from '../../../api/use-action'
import { hrefOf } from '../../../app/route'
import { count } from '../../../format/figures'
import { day } from '../../../format/moments'
import { setTitle } from '../../../parts/set-names'
import { ProblemAlert } from '../../../states/problem-alert'

interface Props {
  where: SetDestinations
  segment: { label: string; customers: number; asOf: string }
  onSaved: () => void
  onClose: () => void
}

type Sent = 'saved' | 'started'

/** Chooses where a segment goes, says how many customers that is, and sends it. */
export function SendDialog({ where, segment, onSaved, onClose }: Props) {
  const [chosen, setChosen] = useState(() => where.items.filter((one) => one.gets).map((one) => one.destination))
  const [sent, setSent] = useState<Sent>()
  const action = useAction()
  const isChanged = where.items.some((one) => one.gets !== chosen.includes(one.destination))
  const send = (now: boolean) =>
    void action
      .run(async () => {
        if (isChanged) {
          const body = { version: where.version, destinations: chosen }
          await put('/v1/segment-sets/{name}/destinations', { name: where.name }, body)
        }
        if (now) await post('/v1/runs', {}, {})
      })
      .then((done) => done && setSent(now ? 'started' : 'saved'))
  const close = () => {
    onClose()
    if (sent || action.problem) onSaved()
  }
  const footer = sent ? (
    <Button variant="primary" onClick={close}>
      Close
    </Button>
  ) : (
    <SpaceBetween size="xs" direction="horizontal">
      <Button variant="link" onClick={close}>
        Cancel
      </Button>
      <Button disabled={!isChanged || action.busy} onClick={() => send(false)}>
        Send with the next run
      </Button>
      <Button variant="primary" loading={action.busy} disabled={chosen.length === 0} onClick={() => send(true)}>
        Send now
      </Button>
    </SpaceBetween>
  )
  return (
    <Modal visible header={titleOf(where.name, segment.label)} closeAriaLabel="Close" onDismiss={close} footer={<Box float="right">{footer}</Box>}>
      <SpaceBetween size="m">
        {action.problem && <ProblemAlert problem={action.problem} />}
        {sent ? (
          <Result sent={sent} />
        ) : (
          <SpaceBetween size="m">
            <Box>
              <strong>{count(segment.customers)}</strong> {segment.customers === 1 ? 'customer was' : 'customers were'} in the
              segment on {day(segment.asOf)}. A run counts again before it sends.
            </Box>
            <FormField label="Destinations" description={whole(where.name)}>
              <SpaceBetween size="xs">
                {where.items.map((item) => (
                  <Choice
                    key={item.destination}
                    item={item}
                    checked={chosen.includes(item.destination)}
                    onChange={(checked) =>
                      setChosen(checked ? [...chosen, item.destination] : chosen.filter((one) => one !== item.destination))
                    }
                  />
                ))}
              </SpaceBetween>
            </FormField>
            <Alert type="info">
              Send now starts a run of today. It computes all sets again, and sends what changed to every destination of the
              shop. If a lot changed, it waits for an approval first.
            </Alert>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Modal>
  )
}

interface ChoiceProps {
  item: SetDestination
  checked: boolean
  onChange: (checked: boolean) => void
}

function Choice({ item, checked, onChange }: ChoiceProps) {
  const removed = item.gets && !checked ? 'The next run makes no segment there. One that is there is listed as retired.' : undefined
  return (
    <Checkbox
      checked={checked}
      disabled={item.reason !== null}
      description={item.reason ?? removed}
      onChange={({ detail }) => onChange(detail.checked)}
    >
      {item.title}
    </Checkbox>
  )
}

function Result({ sent }: { sent: Sent }) {
  if (sent === 'saved') return <Alert type="success">Saved. The next run sends the segments where you chose.</Alert>
  return (
    <Alert type="success" header="The run begins in a moment">
      Follow it on the page <Link href={hrefOf(['runs'])}>Runs</Link>. It shows what was sent where.
    </Alert>
  )
}

const titleOf = (set: string, label: string): string => (set === 'rfm' ? `Send ${label}` : `Send ${setTitle(set)}: ${label}`)

const whole = (set: string): string =>
  set === 'rfm' ? 'The segments go together.' : `All segments of the set ${setTitle(set)} go together.`

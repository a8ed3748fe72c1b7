import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ErasureCase } from '../../api/schema'
import { post, useAction } from '../../api/use-action'
import { counted } from '../../format/figures'
import { ProblemAlert } from '../../states/problem-alert'

const SHOWN = 10

interface Props {
  customers: readonly string[]
  /** The case number, empty for a new one. */
  number: string
  onAsked: (asked: ErasureCase) => void
  onBack: () => void
}

/** The last question: nothing brings a person back. */
export function ConfirmErasure({ customers, number, onAsked, onBack }: Props) {
  const action = useAction()
  const erase = async () => onAsked(await post('/v1/erasures', {}, { customers: [...customers], ...(number && { case: number }) }))
  const others = customers.length - SHOWN
  return (
    <Modal
      visible
      header={`Erase ${counted(customers.length, 'person').replace('persons', 'people')} for good?`}
      closeAriaLabel="Close"
      onDismiss={onBack}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onBack}>Go back</Button>
            <Button variant="primary" loading={action.busy} onClick={() => void action.run(erase)}>
              Erase for good
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {action.problem && <ProblemAlert problem={action.problem} />}
        <ul className="plain-list">
          {customers.slice(0, SHOWN).map((one) => (
            <li key={one}>{one}</li>
          ))}
          {others > 0 && <li>and {counted(others, 'other')}</li>}
        </ul>
        <Alert type="warning">
          Orders, profiles, consents and every earlier version of them go, and no upload brings these people back. Nobody can undo this. Delete
          them in the shop as well.
        </Alert>
      </SpaceBetween>
    </Modal>
  )
}

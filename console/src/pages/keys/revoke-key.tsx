import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAction } from '../../api/use-action'
import { ProblemAlert } from '../../states/problem-alert'

interface Props {
  label: string
  /** What happens to who uses the key. */
  consequence: string
  revoke: () => Promise<void>
  onClose: () => void
  onRevoked: () => void
}

export function RevokeKey({ label, consequence, revoke, onClose, onRevoked }: Props) {
  const action = useAction()
  const confirmed = () => void action.run(revoke).then((done) => done && onRevoked())
  return (
    <Modal
      visible
      header={`Revoke the key for ${label}?`}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onClose}>Keep it</Button>
            <Button variant="primary" loading={action.busy} onClick={confirmed}>
              Revoke
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {action.problem && <ProblemAlert problem={action.problem} />}
      {consequence} This cannot be undone.
    </Modal>
  )
}

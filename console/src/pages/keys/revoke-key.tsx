import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ApiKeyFacts } from '../../api/schema'
import { remove, useAction } from '../../api/use-action'
import { ProblemAlert } from '../../states/problem-alert'

interface Props {
  revoked: ApiKeyFacts
  onClose: () => void
  onRevoked: () => void
}

export function RevokeKey({ revoked, onClose, onRevoked }: Props) {
  const action = useAction()
  const revoke = () =>
    void action.run(() => remove('/v1/keys/{key_id}', { key_id: revoked.key_id })).then((done) => done && onRevoked())
  return (
    <Modal
      visible
      header={`Revoke the key for ${revoked.label}?`}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onClose}>Keep it</Button>
            <Button variant="primary" loading={action.busy} onClick={revoke}>
              Revoke
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {action.problem && <ProblemAlert problem={action.problem} />}
      The system that uses it loses access within five minutes. This cannot be undone.
    </Modal>
  )
}

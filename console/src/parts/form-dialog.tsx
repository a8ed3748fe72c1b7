import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useId, type ReactNode } from 'react'
import { useAction } from '../api/use-action'
import { ProblemAlert } from '../states/problem-alert'

interface Props {
  title: string
  /** The words of the button that sends the form. */
  submit: string
  /** Whether the form can be sent yet. */
  isReady?: boolean
  onSubmit: () => Promise<unknown>
  onCancel: () => void
  children: ReactNode
}

/** A dialog with a form. It stays open and says why where sending it failed. */
export function FormDialog({ title, submit, isReady = true, onSubmit, onCancel, children }: Props) {
  const id = useId()
  const action = useAction()
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel="Close"
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button onClick={onCancel}>Cancel</Button>
            <Button form={id} variant="primary" loading={action.busy} disabled={!isReady}>
              {submit}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault()
          void action.run(onSubmit)
        }}
      >
        <SpaceBetween size="m">
          {action.problem && <ProblemAlert problem={action.problem} />}
          {children}
        </SpaceBetween>
      </form>
    </Modal>
  )
}

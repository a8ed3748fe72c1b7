import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import type { MessagePreview } from '../../api/schema'
import { post, useAction } from '../../api/use-action'
import { ProblemAlert } from '../../states/problem-alert'

/** The saved draft as one customer would get it, rendered by the server. */
export function CustomerPreview({ id }: { id: string }) {
  const [key, setKey] = useState('')
  const [message, setMessage] = useState<MessagePreview>()
  const action = useAction()
  const show = () =>
    void action.run(async () => {
      const customer = key.trim() ? { customer_key: key.trim() } : {}
      setMessage(await post('/v1/templates/{template_id}/preview', { template_id: id }, customer))
    })
  return (
    <Container header={<Header variant="h2">As a customer gets it</Header>}>
      <SpaceBetween size="m">
        <FormField
          label="Customer"
          description="The key of a customer, from the page Customers. Empty shows sample values."
          secondaryControl={
            <Button loading={action.busy} onClick={show}>
              Show
            </Button>
          }
        >
          <Input value={key} onChange={({ detail }) => setKey(detail.value)} />
        </FormField>
        {action.problem && <ProblemAlert problem={action.problem} />}
        {message && <Shown message={message} />}
      </SpaceBetween>
    </Container>
  )
}

function Shown({ message: { subject, html, problem } }: { message: MessagePreview }) {
  return (
    <SpaceBetween size="s">
      {problem && <StatusIndicator type="warning">{`It would not be sent: ${problem}`}</StatusIndicator>}
      <strong>{subject}</strong>
      <iframe title="The mail as this customer gets it" sandbox="" srcDoc={html} width="100%" height={480} />
    </SpaceBetween>
  )
}

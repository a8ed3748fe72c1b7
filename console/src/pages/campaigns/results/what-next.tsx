import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ResultAdvice } from '../../../api/schema'

const STEPS: Readonly<Record<ResultAdvice['step'], { type: StatusIndicatorProps.Type; title: string }>> = {
  go_on: { type: 'success', title: 'Go on' },
  send_to_some: { type: 'success', title: 'Send it to some' },
  wait: { type: 'pending', title: 'Wait' },
  enlarge: { type: 'info', title: 'Make it larger' },
  stop: { type: 'stopped', title: 'Stop' },
  check: { type: 'warning', title: 'Check the groups' },
}

/** What to do after this look. The rule that decides is in docs/effect.md. */
export function WhatNext({ step: { step, words } }: { step: ResultAdvice }) {
  return (
    <Container header={<Header variant="h2">What next?</Header>}>
      <SpaceBetween size="xs">
        <Box fontSize="heading-m">
          <StatusIndicator type={STEPS[step].type}>{STEPS[step].title}</StatusIndicator>
        </Box>
        <Box>{words}</Box>
      </SpaceBetween>
    </Container>
  )
}

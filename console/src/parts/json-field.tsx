import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import { useState } from 'react'

interface Props {
  name: string
  value: unknown
  onChange: (value: unknown) => void
}

/** A list or a table as JSON. It is passed on only while it can be read. */
export function JsonField({ name, value, onChange }: Props) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2))
  const [problem, setProblem] = useState('')
  const edit = (edited: string) => {
    setText(edited)
    try {
      onChange(JSON.parse(edited))
      setProblem('')
    } catch {
      setProblem('This is not complete JSON yet. The last value that could be read is kept.')
    }
  }
  return (
    <SpaceBetween size="xxs">
      <Textarea
        ariaLabel={name}
        rows={Math.min(12, text.split('\n').length + 1)}
        spellcheck={false}
        value={text}
        invalid={problem !== ''}
        onChange={({ detail }) => edit(detail.value)}
      />
      {problem && <Box color="text-status-error">{problem}</Box>}
    </SpaceBetween>
  )
}

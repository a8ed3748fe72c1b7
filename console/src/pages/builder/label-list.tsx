import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import type { Texts } from './definition'
import { TextFields } from './text-fields'

interface Props<Label extends Texts> {
  labels: readonly Label[]
  /** A label to begin with, at this place from 1. */
  added: (place: number) => Label
  onChange: (labels: readonly Label[]) => void
  /** Where removing one means more than that its place is empty. */
  onRemove?: (place: number) => void
  /** What gives the label, below its texts. */
  children?: (label: Label, change: (label: Label) => void) => ReactNode
}

/** A set's labels in order, each with its texts. One always stays. */
export function LabelList<Label extends Texts>({ labels, added, onChange, onRemove, children }: Props<Label>) {
  const remove = onRemove ?? ((place: number) => onChange(labels.toSpliced(place, 1)))
  return (
    <>
      {labels.map((label, place) => {
        const change = (changed: Label) => onChange(labels.with(place, changed))
        const title = label.label || 'Label'
        const removal = (
          <Button ariaLabel={`Remove the label ${title}`} onClick={() => remove(place)}>
            Remove the label
          </Button>
        )
        return (
          <Container
            key={place}
            header={
              <Header variant="h2" actions={labels.length > 1 && removal}>
                {place + 1}. {title}
              </Header>
            }
          >
            <SpaceBetween size="m">
              <TextFields texts={label} onChange={change} />
              {children?.(label, change)}
            </SpaceBetween>
          </Container>
        )
      })}
      <div>
        <Button iconName="add-plus" onClick={() => onChange([...labels, added(labels.length + 1)])}>
          Add a label
        </Button>
      </div>
    </>
  )
}

import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import TextContent from '@cloudscape-design/components/text-content'

/** The whole explanation in sentences, as the command line gives it. */
export function InWords({ sentences }: { sentences: readonly string[] }) {
  return (
    <Container>
      <ExpandableSection headerText="Explain every label in words" headingTagOverride="h2">
        <TextContent>
          <ul>
            {sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </TextContent>
      </ExpandableSection>
    </Container>
  )
}

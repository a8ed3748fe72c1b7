import Box from '@cloudscape-design/components/box'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { percent } from '../../format/figures'
import type { Definition, TemplateChoice } from './definition'
import { channelWords, heldOutWords, stopWords, whenWords, whoWords } from './in-words'

/** What a campaign does, in sentences. */
export function DefinitionFacts({ definition }: { definition: Definition }) {
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={2}
        minColumnWidth={260}
        items={[
          { label: 'Who gets it', value: whoWords(definition) },
          { label: 'What they get', value: <Messages definition={definition} /> },
          { label: 'When it leaves', value: whenWords(definition) },
          { label: 'Who is held out', value: heldOutWords(definition) },
        ]}
      />
      <div>
        <Box variant="awsui-key-label">What stops it</Box>
        <Stops definition={definition} />
      </div>
    </SpaceBetween>
  )
}

function Messages({ definition: { variants, channel } }: { definition: Definition }) {
  const message = (template: TemplateChoice | null) =>
    template ? `template ${template.id}, version ${template.version}` : channel.kind === 'email' ? 'no template yet' : 'its own message'
  return (
    <>
      {channelWords(channel)}
      <ul className="plain-list">
        {variants.map(({ name, share, template, segments }) => (
          <li key={name}>
            <Box variant="strong">{name}</Box>: {message(template)}
            {share < 1 && `, ${percent(share, 0)}`}
            {segments.length > 0 && `, for ${segments.join(' or ')}`}
          </li>
        ))}
      </ul>
    </>
  )
}

function Stops({ definition }: { definition: Definition }) {
  return (
    <ul className="plain-list">
      {stopWords(definition).map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}

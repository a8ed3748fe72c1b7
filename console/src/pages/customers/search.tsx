import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type FormEvent } from 'react'
import { post, useAction } from '../../api/use-action'
import { goTo, hrefOf } from '../../app/route'
import { ProblemAlert } from '../../states/problem-alert'

/** Looks up a customer by id or address. The term is sent in the body, so no log of addresses has it. */
export function Search({ run }: { run: string | undefined }) {
  const [term, setTerm] = useState('')
  const [keys, setKeys] = useState<readonly string[]>()
  const action = useAction()
  const search = (event: FormEvent) => {
    event.preventDefault()
    if (!term.trim()) return
    void action.run(async () => {
      const { customer_keys: matches } = await post('/v1/customers/search', {}, { term: term.trim() })
      setKeys(matches)
      const [only, another] = matches
      if (only && !another) goTo(hrefOf(['customers', only], { run }))
    })
  }
  return (
    <form onSubmit={search}>
      <Form>
        <SpaceBetween size="s">
          <FormField
            label="Search for a customer"
            description="The shop's id, an e-mail address or a phone number, in full. Who searches is logged, the term is not."
            secondaryControl={<Button loading={action.busy}>Search</Button>}
          >
            <Input
              type="search"
              value={term}
              autoComplete={false}
              clearAriaLabel="Clear"
              onChange={({ detail }) => {
                setTerm(detail.value)
                setKeys(undefined)
              }}
            />
          </FormField>
          {action.problem && <ProblemAlert problem={action.problem} />}
          {keys && <Matches keys={keys} run={run} />}
        </SpaceBetween>
      </Form>
    </form>
  )
}

function Matches({ keys, run }: { keys: readonly string[]; run: string | undefined }) {
  return (
    <div role="status">
      {keys.length === 0 ? (
        <Box color="text-body-secondary">Nobody has this id or address. It must be complete.</Box>
      ) : (
        <SpaceBetween size="xs" direction="horizontal">
          {keys.map((key) => (
            <Link key={key} href={hrefOf(['customers', key], { run })}>
              {key.slice(0, 8)}
            </Link>
          ))}
        </SpaceBetween>
      )}
    </div>
  )
}

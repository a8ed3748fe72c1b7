import { causeAdvice, causeWords } from './causes'
import { Small } from './small'

/** The first column of a table with one row a cause: its words, and what to think of it. */
export const causeColumn = {
  id: 'cause',
  header: 'Cause',
  isRowHeader: true,
  cell: ({ cause }: { cause: string }) => (
    <>
      {causeWords(cause)}
      <Small>{causeAdvice(cause)}</Small>
    </>
  ),
}

import Box from '@cloudscape-design/components/box'
import { causeAdvice, causeWords } from './causes'

/** The first column of a table with one row a cause: its words, and what to think of it. */
export const causeColumn = {
  id: 'cause',
  header: 'Cause',
  isRowHeader: true,
  cell: ({ cause }: { cause: string }) => (
    <>
      {causeWords(cause)}
      <Box variant="small" display="block" color="text-body-secondary">
        {causeAdvice(cause)}
      </Box>
    </>
  ),
}

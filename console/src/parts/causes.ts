/** Why a label changed: see docs/segments.md. */
interface Cause {
  words: string
  advice: string
}

export const CAUSES: Readonly<Record<string, Cause>> = {
  own_behaviour: {
    words: 'Own behaviour',
    advice: 'They ordered, or returned an order. This is what campaigns answer to.',
  },
  time_passing: { words: 'Time passing', advice: 'Days went by without an order.' },
  thresholds_moved: {
    words: 'Thresholds moved',
    advice: 'They did nothing: other customers buy more or less than before.',
  },
  definition_changed: {
    words: 'Definition changed',
    advice: 'Somebody edited the definition, the window or the time zone.',
  },
  data_corrected: {
    words: 'Data corrected',
    advice: 'A correction or a repeated upload. Check that it was meant.',
  },
  rule_changed: { words: 'Rule changed', advice: 'The set labels customers by another rule now.' },
  first_labels: { words: 'First labels', advice: 'The set had no labels before.' },
}

export const causeWords = (cause: string): string => CAUSES[cause]?.words ?? cause.replaceAll('_', ' ')

export const causeAdvice = (cause: string): string => CAUSES[cause]?.advice ?? ''

import type { EffectOutlook } from '../../api/schema'
import { percent } from '../../format/figures'

const SOURCES = { given: 'As given,', measured: 'By the held-out people of earlier campaigns,', assumed: 'No campaign was measured yet, so it is assumed that' }

const LOOKS = {
  fixed_horizon: 'There is one look, when the days are over.',
  always_valid: 'The result may be looked at every day, which takes more people.',
}

/** What an outlook starts from, in sentences. */
export const termsWords = ({ conversion, conversion_from: from, power, inference }: EffectOutlook): string =>
  `${SOURCES[from]} ${percent(conversion)} buy without a message. An effect of the size is seen in ${percent(power, 0)} of campaigns. ${LOOKS[inference]}`

/** Rounded up: a smaller holdout would not do. */
export const atLeast = (share: number): string => percent(Math.ceil(share * 1000) / 1000)

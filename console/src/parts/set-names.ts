/** Segment sets by name, in words. */
const TITLES: Readonly<Record<string, string>> = {
  rfm: 'RFM segments',
  value_tier: 'Value',
  churn_band: 'Churn risk',
  cancel_band: 'Cancellation risk',
  value_at_risk: 'Value at risk',
  loyalty_3: 'Loyalty',
  cluster: 'Clusters',
}

/** The sets of a run, the segment definition's own first. */
export function setNames(sets: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(sets).toSorted((first, second) => Number(second === 'rfm') - Number(first === 'rfm'))
}

/** The set's title. The shop's own sets are titled by their names. */
export function setTitle(name: string): string {
  return TITLES[name] ?? sentence(name)
}

export function sentence(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

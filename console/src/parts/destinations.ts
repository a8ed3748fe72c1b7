import titles from './destinations.json'
import { sentence } from './set-names'

const TITLES: Readonly<Record<string, string>> = titles

/** A destination's name for people. One that this version does not know is spelled out. */
export const destinationTitle = (name: string): string => TITLES[name] ?? sentence(name)

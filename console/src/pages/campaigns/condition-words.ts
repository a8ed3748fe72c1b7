import { columnWords } from '../../parts/columns'
import { setTitle } from '../../parts/set-names'
import { amongOf, isGroup, isListed, isOfSet, jointOf, partsOf, valuesOf, type Condition, type Leaf } from '../builder/conditions/condition'

/** A condition in words, such as "orders is 3 or more and views is below 10". */
export function conditionWords(condition: Condition): string {
  if (!isGroup(condition)) return leafWords(condition)
  const joint = jointOf(condition) === 'all' ? ' and ' : ' or '
  return partsOf(condition)
    .map((part) => (isGroup(part) && partsOf(part).length > 1 ? `(${conditionWords(part)})` : conditionWords(part)))
    .join(joint)
}

function leafWords(leaf: Leaf): string {
  const name = isOfSet(leaf) ? setTitle(leaf.set) : columnWords(leaf.column)
  const about = name.charAt(0).toLowerCase() + name.slice(1)
  if (isListed(leaf)) return `${about} is ${amongOf(leaf) === 'in' ? 'one' : 'none'} of ${valuesOf(leaf).join(', ')}`
  const { from, below } = leaf
  const limits = [from !== undefined && `${from} or more`, below !== undefined && `below ${below}`].filter(Boolean)
  return `${about} is ${limits.join(' and ') || 'anything'}`
}

export interface Mark {
  name: string
  colour: string
}

/** Which colour is which. The chart's label and its table say the same in words. */
export function Legend({ marks }: { marks: readonly Mark[] }) {
  return (
    <ul className="legend" aria-hidden="true">
      {marks.map(({ name, colour }) => (
        <li key={name}>
          <span className="tile" style={{ background: colour }} />
          {name}
        </li>
      ))}
    </ul>
  )
}

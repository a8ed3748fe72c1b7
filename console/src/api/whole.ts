/** With every member: the API writes those that have a default too. */
export type Whole<T> = T extends (infer One)[]
  ? readonly Whole<One>[]
  : T extends object
    ? { readonly [Name in keyof T]-?: Whole<Exclude<T[Name], undefined>> }
    : T

/** Two texts from a little before where they begin to differ. */
const apart = (a = 'none', b = 'none'): readonly [string, string] => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  const from = Math.max(0, at - 60)
  return [a.slice(from, at + 60), b.slice(from, at + 60)]
}

/** Prints what was expected beside what was found, and remembers whether all of it was the same. */
export const createChecks = () => {
  let failed = 0
  return {
    say: (text: string): void => console.log(text),
    same(what: string, expected: number | string, found: number | string): void {
      const same = expected === found
      if (!same) failed += 1
      const said = same ? String(found) : `expected ${expected}, found ${found}`
      console.log(`  ${same ? 'PASS' : 'FAIL'}  ${what.padEnd(44)} ${said}`)
    },
    /** Compares one by one by key; the first few that differ are listed. */
    each(what: string, expected: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): void {
      const differing = [...new Set([...expected.keys(), ...found.keys()])].filter(
        (key) => expected.get(key) !== found.get(key),
      )
      if (differing.length > 0) failed += 1
      const said = `${expected.size} compared, ${differing.length} differ`
      console.log(`  ${differing.length === 0 ? 'PASS' : 'FAIL'}  ${what.padEnd(44)} ${said}`)
      for (const key of differing.slice(0, 5)) {
        const [wanted, got] = apart(expected.get(key), found.get(key))
        console.log(`        ${key}: expected ${wanted}, found ${got}`)
      }
    },
    passed: (): boolean => failed === 0,
  }
}
export type Checks = ReturnType<typeof createChecks>

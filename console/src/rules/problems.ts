type Problem = { path: string; message: string }

const bare = (path: string): string => path.replace(/^body\./, '').replace(/\[(\d+)\]/g, '.$1')

/** Finds the message for a field: its own, or one of a field beneath it. */
export const problemFinder = (problems: readonly Problem[]) => {
  const all = problems.map(({ path, message }) => ({ path: bare(path), message }))
  return (path: string): string | undefined =>
    all.find((problem) => problem.path === path || problem.path.startsWith(`${path}.`))?.message
}

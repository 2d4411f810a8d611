import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Runs a built program of the sandbox with the flags of this process. */
export const runBuilt = async (name) => {
  const file = join(import.meta.dirname, '../dist', `${name}.js`)
  if (existsSync(file)) {
    await import(pathToFileURL(file).href)
    return
  }
  process.stderr.write(`${name} 还没有构建：先运行 npm run build\n${name} is not built yet: run npm run build first\n`)
  process.exitCode = 1
}

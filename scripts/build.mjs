// npm run build: the server and the sandbox as one file each, packages included, the three front ends. Parts whose sources did not change
// are left alone.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundleOptions } from './lib/bundle.mjs'
import { run } from './lib/install.mjs'
import { runMain, step } from './lib/say.mjs'

const bundles = [
  {
    name: 'server',
    from: ['server', 'shared'],
    entry: {
      'server/dist/main': 'server/main.ts',
      'server/dist/replay': 'server/inbox/replay.ts',
      'server/dist/doctor': 'server/doctor.ts',
    },
  },
  {
    name: 'sandbox',
    from: ['sandbox', 'shared'],
    entry: {
      'sandbox/dist/mongo': 'sandbox/mongo/main.ts',
      'sandbox/dist/wecom': 'sandbox/wecom/main.ts',
      'sandbox/dist/demo': 'sandbox/demo/main.ts',
      'sandbox/dist/start': 'sandbox/start/main.ts',
    },
  },
]
const apps = [
  { name: 'sidebar', from: ['sidebar', 'shared'], config: 'sidebar/vite.config.ts', out: 'sidebar/dist/index.html' },
  { name: 'console', from: ['console', 'shared'], config: 'console/vite.config.ts', out: 'console/dist/index.html' },
  {
    name: 'chat page',
    from: ['sandbox/wecom/page'],
    config: 'sandbox/wecom/page/vite.config.ts',
    out: 'sandbox/dist/page/index.html',
  },
]

const skip = new Set(['node_modules', 'dist', '.data'])
const filesUnder = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
    skip.has(entry.name) ? [] : entry.isDirectory() ? filesUnder(join(dir, entry.name)) : [join(dir, entry.name)],
  )

/** Changes with any source file, the lock file or this script. */
const fingerprint = (dirs) => {
  const hash = createHash('sha256')
  const files = [...dirs.flatMap(filesUnder), 'package-lock.json', 'scripts/build.mjs', 'scripts/lib/bundle.mjs']
  for (const file of files.filter((name) => !name.endsWith('.test.ts')).sort()) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${file}:${size}:${Math.round(mtimeMs)}\n`)
  }
  return hash.digest('hex')
}

const stamps = '.cache/build.json'
const readStamps = () => (existsSync(stamps) ? JSON.parse(readFileSync(stamps, 'utf8')) : {})
/** Whole or not at all: another build may read it now. */
const writeStamp = (name, value) => {
  mkdirSync('.cache', { recursive: true })
  const draft = `${stamps}.${process.pid}`
  writeFileSync(draft, JSON.stringify({ ...readStamps(), [name]: value }, null, 2))
  renameSync(draft, stamps)
}

const bundle = async ({ entry }) => {
  const esbuild = await import('esbuild')
  await esbuild.build({ ...bundleOptions, entryPoints: entry, outdir: '.' })
}

const app = ({ config }) => run('npx', ['vite', 'build', dirname(config), '--config', config, '--logLevel', 'error'])

/** Builds what has changed since last time; answers the names of what was built. */
export const build = async (report = () => undefined) => {
  const parts = [
    ...bundles.map((part) => ({ ...part, outs: Object.keys(part.entry).map((out) => `${out}.js`), make: bundle })),
    ...apps.map((part) => ({ ...part, outs: [part.out], make: app })),
  ]
  const before = readStamps()
  const stale = parts
    .map((part) => ({ ...part, stamp: fingerprint(part.from) }))
    .filter((part) => before[part.name] !== part.stamp || !part.outs.every((out) => existsSync(out)))
  for (const part of stale) {
    report(part.name)
    await part.make(part)
    writeStamp(part.name, part.stamp)
  }
  return stale.map(({ name }) => name)
}

if (process.argv[1] === import.meta.filename)
  await runMain(() => step('Building server, sandbox and front ends', build))

// The rules between rooms (docs/architecture.md): reads every import of the tree and prints those that break one.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

const stages =
  'callback|inbox|events|profile|segments|rules|broadcasts|outbox|results|ingest|content|media|groups|channels|members|tasks|tags|settings|sync|audit|metrics|measure|insight|losses|transfers|setup|attributes|imports|privacy|links|tiers|coupons|talk|calendar|playbooks'
const contracts = /\/(read|view|types)\.ts$/
const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.startsWith('test/')
/** Opening a callback needs the adapter's crypto and XML, nothing else of it. */
const opens = (from: string, to: string): boolean =>
  from.startsWith('server/callback/') && /^server\/wecom\/(crypto|xml)\.ts$/.test(to)
const room = (file: string): string | undefined => /^server\/([^/]+)\//.exec(file)?.[1]

type Rule = { readonly name: string; readonly from: RegExp; readonly breaks: (from: string, to: string) => boolean }

/** Each rule: where it looks, what it refuses. `to` is a file of the tree or a package name. */
const rules: readonly Rule[] = [
  {
    name: 'shared imports zod only',
    from: /^shared\//,
    breaks: (_from, to) => !to.startsWith('shared/') && to !== 'zod',
  },
  {
    name: 'the apps know shared only',
    from: /^(sidebar|console)\//,
    breaks: (from, to) =>
      /^(server|sandbox|test|bench)\//.test(to) ||
      (/^(sidebar|console)\//.test(to) && to.split('/')[0] !== from.split('/')[0]),
  },
  {
    name: 'nothing in server imports sandbox, test or bench',
    from: /^server\//,
    breaks: (_from, to) => /^(sandbox|test|bench)\//.test(to),
  },
  {
    name: 'the sandbox stands alone and talks to the product over HTTP',
    from: /^sandbox\//,
    breaks: (_from, to) => /^(server|test|bench)\//.test(to),
  },
  {
    name: 'platform imports shared only',
    from: /^server\/platform\//,
    breaks: (_from, to) => /^server\/(?!platform\/)/.test(to),
  },
  {
    name: 'conditions imports shared, cleaning and itself only',
    from: /^server\/conditions\//,
    breaks: (_from, to) => /^server\/(?!(conditions|cleaning)\/)/.test(to),
  },
  {
    name: 'cleaning imports shared and itself only',
    from: /^server\/cleaning\//,
    breaks: (_from, to) => /^server\/(?!cleaning\/)/.test(to),
  },
  {
    name: 'flow imports platform and shared only',
    from: /^server\/flow\//,
    breaks: (_from, to) => /^server\/(?!(flow|platform)\/)/.test(to),
  },
  {
    name: 'wecom imports platform and shared only',
    from: /^server\/wecom\//,
    breaks: (_from, to) => /^server\/(?!(wecom|platform)\/)/.test(to),
  },
  {
    name: 'a room imports platform, flow, conditions, cleaning, itself, and read.ts, view.ts or types.ts of other rooms',
    from: new RegExp(`^server/(${stages})/`),
    breaks: (from, to) =>
      to.startsWith('server/') &&
      room(to) !== room(from) &&
      !/^server\/(platform|flow|conditions|cleaning)\//.test(to) &&
      !contracts.test(to) &&
      !opens(from, to),
  },
  {
    name: 'a model stays in its own room',
    from: /^server\//,
    breaks: (from, to) => to.endsWith('.model.ts') && room(to) !== room(from),
  },
  {
    name: 'only the outbox writes to WeCom',
    from: /^server\/(?!(outbox|wecom)\/)/,
    breaks: (_from, to) => to.startsWith('server/wecom/write/'),
  },
  {
    name: 'only main.ts, the roles and test support import the composition root',
    from: /^server\/(?!(main|web|worker|now-lane)\.ts|deps\/)/,
    breaks: (_from, to) => to.startsWith('server/deps/'),
  },
]

const scriptOf = (file: string, text: string): string =>
  file.endsWith('.vue')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
    : text

const target = (from: string, specifier: string): string => {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier))
  if (specifier === '@zhiyin/shared/api') return 'shared/api/index.ts'
  if (specifier.startsWith('@zhiyin/')) return `${specifier.slice('@zhiyin/'.length)}.ts`
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Every import that breaks a rule, one line each. `files` are paths from the root, `read` gives their text. */
export const brokenZones = (files: readonly string[], read: (file: string) => string): string[] =>
  files.flatMap((from) => {
    if (isTest(from)) return []
    const imports = ts
      .preProcessFile(scriptOf(from, read(from)), true, true)
      .importedFiles.map(({ fileName }) => target(from, fileName))
    return rules
      .filter((rule) => rule.from.test(from))
      .flatMap((rule) =>
        imports.filter((to) => rule.breaks(from, to)).map((to) => `${from} imports ${to}: ${rule.name}`),
      )
  })

const tracked = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.vue', '*.mjs'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => /^(shared|server|sidebar|console|sandbox)\//.test(file))

if (process.argv[1] === import.meta.filename) {
  const broken = brokenZones(tracked(), (file) => readFileSync(file, 'utf8'))
  for (const line of broken) console.error(line)
  if (broken.length > 0) process.exit(1)
}

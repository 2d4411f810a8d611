// How a program of the tree becomes one file: with the packages it uses inside, for to find and read a thousand small files takes
// longer than anything else a start does.
import { readFile } from 'node:fs/promises'

/** What stays outside: native code, and packages that read files of their own. */
const outside = ['lmdb', '@bull-board/*', 'swagger-ui-dist']
/** Packages look whether these are there (most of them for the MongoDB driver); the product does not bring them. */
const optional = [
  '@aws-sdk/credential-providers',
  '@mongodb-js/zstd',
  'gcp-metadata',
  'kerberos',
  'mongodb-client-encryption',
  'snappy',
  'socks',
  'supports-color',
]

/** Packages of the CommonJS kind ask for the modules of Node in its way. */
const banner = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`

/** All of a file is its first line. */
const firstLine = Buffer.from(JSON.stringify({ version: 3, sources: ['file'], mappings: 'AAAA' })).toString('base64')

/** Of packages only the file is traced back, of ours the line: each process that meets an error reads the whole map. */
const ownLinesOnly = {
  name: 'own-lines-only',
  setup: (build) =>
    build.onLoad({ filter: /[\\/]node_modules[\\/].+\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${firstLine}`,
      loader: 'js',
    })),
}

/** Options of esbuild, but for what goes in and where it goes. */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  external: [...outside, ...optional],
  banner: { js: banner },
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'error',
  plugins: [ownLinesOnly],
}

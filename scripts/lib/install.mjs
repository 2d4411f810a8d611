// What a bare machine lacks: packages from npm; redis-server, chromium and fonts from the system's package manager.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { stdin, stdout } from 'node:process'
import { t } from './language.mjs'
import { Stop } from './say.mjs'

const where = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim()
export const has = (program) => where(program) !== ''

/** The browser of the tests: CHROMIUM of the environment, else what the system calls it; '' when there is none. */
export const browser = () =>
  process.env.CHROMIUM || where('chromium') || where('google-chrome') || where('google-chrome-stable')

/** Runs a program, keeps its words for the case that it fails. */
export const run = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let words = ''
    child.stdout?.on('data', (chunk) => (words += chunk))
    child.stderr?.on('data', (chunk) => (words += chunk))
    child.on('error', (error) =>
      reject(
        error.code === 'ENOENT' ? new Stop(t(`找不到 ${program}，请先安装它`, `${program} is not installed`)) : error,
      ),
    )
    child.on('exit', (code) =>
      code === 0
        ? resolve(words)
        : reject(
            new Stop(
              `${t('这一步没有成功', 'This did not succeed')}: ${program} ${args.join(' ')}\n${words.trim().split('\n').slice(0, 20).join('\n')}`,
            ),
          ),
    )
  })

const lockTime = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

export const packagesMissing = () =>
  !existsSync('node_modules/.package-lock.json') ||
  lockTime('package-lock.json') > lockTime('node_modules/.package-lock.json') + 1000

/** Exactly what package-lock.json says; nothing runs at install, so no compiler is needed. */
export const installPackages = () =>
  run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'])

const managers = [
  {
    program: 'apt-get',
    refresh: ['update', '-qq'],
    install: ['install', '-y', '-qq', '--no-install-recommends'],
    names: { redis: ['redis-server'], chromium: ['chromium', 'fonts-noto-cjk'] },
  },
  {
    program: 'dnf',
    install: ['install', '-y', '-q'],
    names: { redis: ['redis'], chromium: ['chromium', 'google-noto-sans-cjk-fonts'] },
  },
  {
    program: 'apk',
    install: ['add', '--no-cache'],
    names: { redis: ['redis'], chromium: ['chromium', 'font-noto-cjk'] },
  },
  {
    program: 'pacman',
    install: ['-S', '--noconfirm'],
    names: { redis: ['redis'], chromium: ['chromium', 'noto-fonts-cjk'] },
  },
  { program: 'brew', install: ['install'], names: { redis: ['redis'], chromium: ['chromium'] }, unprivileged: true },
]

const agreed = async (question) => {
  const lines = createInterface({ input: stdin, output: stdout })
  const answer = await lines.question(`\n${question} [Y/n] `)
  lines.close()
  return /^(y(es)?)?$/i.test(answer.trim())
}

/**
 * Installs a system program: asked first on a terminal, done at once as root without one; where that is not allowed,
 * stops with the command to run. `what` is 'redis' or 'chromium'.
 */
export const installProgram = async (what, why) => {
  const manager = managers.find(({ program }) => has(program))
  if (manager === undefined)
    throw new Stop(
      `${why} ${t(`请用系统的软件包管理器安装 ${what}，再运行一次。`, `Install ${what} with your system's package manager, then run this again.`)}`,
    )
  const args = [...manager.install, ...manager.names[what]]
  const root = process.getuid?.() === 0
  const command = `${root || manager.unprivileged ? '' : 'sudo '}${manager.program} ${args.join(' ')}`
  const onTerminal = stdin.isTTY && stdout.isTTY
  const allowed = root || manager.unprivileged || (onTerminal && has('sudo'))
  if (!allowed || (!onTerminal && !root)) throw new Stop(`${why} ${t('请运行：', 'Please run: ')} ${command}`)
  if (onTerminal && !(await agreed(`${why} ${t(`现在运行「${command}」吗？`, `Run “${command}” now?`)}`)))
    throw new Stop(
      `${t('什么都没有安装。请自己运行，然后再启动：', 'Nothing was installed. Run this yourself, then start again: ')} ${command}`,
    )
  const [program, prefix] = root || manager.unprivileged ? [manager.program, []] : ['sudo', [manager.program]]
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: onTerminal ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  }
  if (manager.refresh) await run(program, [...prefix, ...manager.refresh], options)
  await run(program, [...prefix, ...args], options)
}

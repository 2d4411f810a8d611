import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { t } from './language.ts'

/** Something a person must mend: one clear sentence, no stack. */
export class Stop extends Error {}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** A port given on the command line; stops with a sentence when it is none. */
export const portOf = (text: string, option: string): number => {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new Stop(
    t(`${option} 要一个 1 到 65535 的端口号，不是「${text}」`, `${option} needs a port from 1 to 65535, not “${text}”`),
  )
}

/** Stops with a sentence when somebody else listens on the port. */
export const portIsFree = (port: number, option: string): Promise<void> =>
  new Promise((done, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE')
        reject(
          new Stop(
            t(
              `端口 ${port} 已被占用：关掉占用它的程序，或换一个端口：npm start -- ${option} ${port + 100}`,
              `Port ${port} is in use: stop what uses it, or choose another: npm start -- ${option} ${port + 100}`,
            ),
          ),
        )
      else if (codeOf(error) === 'EACCES')
        reject(
          new Stop(
            t(
              `没有权限监听端口 ${port}，请选 1024 以上的：npm start -- ${option} 3100`,
              `No permission to listen on port ${port}; choose one above 1024: npm start -- ${option} 3100`,
            ),
          ),
        )
      else reject(error)
    })
    probe.listen(port, '127.0.0.1', () => probe.close(() => done()))
  })

/** Stops with a sentence when the data folder cannot be written or its disk is nearly full. */
export const folderIsUsable = (dir: string): void => {
  const path = resolve(dir)
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new Stop(t(`${path} 不是文件夹，请换一个数据目录`, `${path} is not a folder; choose another data folder`))
    if (code === 'ENOSPC')
      throw new Stop(t(`磁盘已满，无法写入 ${path}`, `The disk is full; ${path} cannot be written`))
    throw new Stop(
      t(
        `无法写入数据目录 ${path}（${code}）：请检查它的权限`,
        `The data folder ${path} cannot be written (${code}): check its permissions`,
      ),
    )
  }
  const { bavail, bsize } = statfsSync(path)
  const freeMb = Math.floor((bavail * bsize) / 1_048_576)
  if (freeMb < 300)
    throw new Stop(
      t(
        `${path} 所在的磁盘只剩 ${freeMb} MB，至少需要 300 MB`,
        `Only ${freeMb} MB are left on the disk of ${path}; at least 300 MB are needed`,
      ),
    )
}

/** Removes everything in the data folder; stops with a sentence when it holds something that no start of ours put there. */
export const forgetData = (dir: string): void => {
  const path = resolve(dir)
  if (readdirSync(path).length > 0 && !existsSync(join(path, 'secrets.json')))
    throw new Stop(
      t(
        `${path} 里的东西不是知音的，--reset 不会删除它们：请换一个数据目录`,
        `${path} holds what is not Zhiyin’s; --reset does not delete it: choose another data folder`,
      ),
    )
  for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true })
}

import { label } from '@zhiyin/shared/text'
import { useLang } from './lang.ts'

/** Whoever did something, in the reader's language: a member's name as it is, a script or WeCom by its word. */
export const useActor = (): ((name: string) => string) => {
  const lang = useLang()
  return (name) => label('actor', name, lang.value)
}

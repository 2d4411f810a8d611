/** A room that keeps records of customers under their id. Both are done again after a crash, and then find nothing more. */
export type OwnedRecords = {
  readonly room: string
  /** What is of `from` is of `to` from now on, marked with whose it was. */
  handOn(move: { readonly from: string; readonly to: string }): Promise<void>
  /** What was of one of `parts` goes from `whole` back to `to`. */
  giveBack(move: { readonly whole: string; readonly to: string; readonly parts: readonly string[] }): Promise<void>
}

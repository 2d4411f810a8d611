/** A cell of a CSV text. What a spreadsheet would run as a formula gets a quote in front of it, but for numbers. */
const cellOf = (cell: string): string => {
  const safe = /^[=@\t\r]|^[+-](?![\d.,]+$)/.test(cell) ? `'${cell}` : cell
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A line of a CSV text, with its end. */
export const csvLine = (cells: readonly string[], delimiter: string): string =>
  `${cells.map(cellOf).join(delimiter)}\r\n`

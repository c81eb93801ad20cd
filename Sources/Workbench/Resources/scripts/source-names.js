// Where a case came from, in words.

/** @param {string} source */
export function sourceName(source) {
  /** @type {Record<string, string>} */
  const names = { imported: "Imported", bank: "Practice case", typed: "Typed in" };
  return names[source] ?? source;
}

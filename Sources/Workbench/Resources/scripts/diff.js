// What changed between two texts, word by word.

/** @typedef {{kind: "same" | "added" | "removed", text: string}} Change */

/** Beyond this many comparisons the middle is shown as replaced instead of being compared. */
const limit = 4_000_000;

/**
 * Words and the spaces between them; joined they are the text again.
 * @param {string} text
 */
export function words(text) {
  return text.match(/\s+|[\p{L}\p{N}]+(?:[-'’.,][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu) ?? [];
}

/**
 * The shortest way from one text to the other in words: the longest common subsequence stays.
 * @param {string} before
 * @param {string} after
 * @returns {Change[]}
 */
export function diff(before, after) {
  const old = words(before);
  const fresh = words(after);
  const head = commonStart(old, fresh);
  const tail = commonStart(old.slice(head).reverse(), fresh.slice(head).reverse());
  const middle = compare(
    old.slice(head, old.length - tail),
    fresh.slice(head, fresh.length - tail),
  );
  return merged([
    ...old.slice(0, head).map(same),
    ...middle,
    ...old.slice(old.length - tail).map(same),
  ]);
}

/** @param {string} text @returns {Change} */
const same = (text) => ({ kind: "same", text });

/**
 * @param {string[]} left
 * @param {string[]} right
 */
function commonStart(left, right) {
  let count = 0;
  while (count < left.length && count < right.length && left[count] === right[count]) count += 1;
  return count;
}

/**
 * @param {string[]} old
 * @param {string[]} fresh
 * @returns {Change[]}
 */
function compare(old, fresh) {
  if (old.length * fresh.length > limit) {
    return [{ kind: "removed", text: old.join("") }, { kind: "added", text: fresh.join("") }];
  }
  const width = fresh.length + 1;
  const lengths = subsequenceLengths(old, fresh, width);
  /** @type {Change[]} */
  const changes = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      changes.push(same(old[i++] ?? ""));
      j += 1;
    } else if (i < old.length && (j === fresh.length || at(i + 1, j) >= at(i, j + 1))) {
      changes.push({ kind: "removed", text: old[i++] ?? "" });
    } else {
      changes.push({ kind: "added", text: fresh[j++] ?? "" });
    }
  }
  return changes;

  /** @param {number} i @param {number} j */
  function at(i, j) {
    return lengths[i * width + j] ?? 0;
  }
}

/**
 * At `i * width + j` the length of the longest common subsequence of `old` from i and `fresh`
 * from j.
 * @param {string[]} old
 * @param {string[]} fresh
 * @param {number} width
 */
function subsequenceLengths(old, fresh, width) {
  const table = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const [below, right] = [table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0];
      table[i * width + j] = old[i] === fresh[j]
        ? 1 + (table[(i + 1) * width + j + 1] ?? 0)
        : Math.max(below, right);
    }
  }
  return table;
}

/**
 * Neighbours of one kind become one; a space between two changes changes with them.
 * @param {Change[]} changes
 * @returns {Change[]}
 */
function merged(changes) {
  /** @type {Change[]} */
  const result = [];
  for (let index = 0; index < changes.length;) {
    let end = index;
    while (end < changes.length && !isAnchor(changes, end)) end += 1;
    if (end > index) result.push(...replaced(changes.slice(index, end)));
    const from = end;
    while (end < changes.length && isAnchor(changes, end)) end += 1;
    const text = changes.slice(from, end).map((change) => change.text).join("");
    if (text !== "") result.push(same(text));
    index = end;
  }
  return result;
}

/**
 * Whether the change at an index is unchanged text that holds more than a space between changes.
 * @param {Change[]} changes
 * @param {number} index
 */
function isAnchor(changes, index) {
  const change = changes[index];
  if (!change || change.kind !== "same") return false;
  if (change.text.trim() !== "" || change.text.includes("\n")) return true;
  const isInside = (/** @type {number} */ other) => (changes[other]?.kind ?? "same") !== "same";
  return !(isInside(index - 1) && isInside(index + 1));
}

/**
 * Everything removed, then everything added.
 * @param {Change[]} run
 * @returns {Change[]}
 */
function replaced(run) {
  const without = (/** @type {Change["kind"]} */ kind) =>
    run.filter((change) => change.kind !== kind).map((change) => change.text).join("");
  /** @type {Change[]} */
  const both = [
    { kind: "removed", text: without("added") },
    { kind: "added", text: without("removed") },
  ];
  return both.filter((change) => change.text !== "");
}

/**
 * How many words were added and removed.
 * @param {Change[]} changes
 */
export function changedWords(changes) {
  const count = (/** @type {Change["kind"]} */ kind) =>
    changes
      .filter((change) => change.kind === kind)
      .reduce(
        (sum, { text }) => sum + words(text).filter((word) => /\p{L}|\p{N}/u.test(word)).length,
        0,
      );
  return { added: count("added"), removed: count("removed") };
}

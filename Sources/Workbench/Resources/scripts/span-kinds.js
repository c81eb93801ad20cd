// What kinds of error can be marked in a text.

export const kinds = [
  { kind: "factual", name: "Wrong fact" },
  { kind: "reasoning", name: "Faulty reasoning" },
  { kind: "harm", name: "Could do harm" },
  { kind: "omission", name: "Something is missing here" },
  { kind: "bias", name: "Bias" },
];

/** @param {string} kind */
export function kindName(kind) {
  return kinds.find((one) => one.kind === kind)?.name ?? kind;
}

// The methods of training, in words for clinicians.

/** @type {{method: string, name: string, from: string, text: string}[]} */
export const methods = [
  {
    method: "dpo",
    name: "Rankings (DPO)",
    from: "rankings",
    text:
      "Makes answers you placed higher likelier than those below them. The usual choice after ranking.",
  },
  {
    method: "sft",
    name: "Accepted and corrected answers (SFT)",
    from: "corrections",
    text: "Imitates answers you accepted or rewrote. The usual choice after Ask and correct.",
  },
  {
    method: "kto",
    name: "Good and bad answers (KTO)",
    from: "rankings",
    text: "Learns from each answer by itself, also where none was acceptable.",
  },
  {
    method: "grpo",
    name: "Own attempts (GRPO)",
    from: "rankings",
    text:
      "Answers the ranked cases anew in groups and is rewarded for the better attempts. Slower.",
  },
  {
    method: "reward",
    name: "Reward model",
    from: "rankings",
    text: "Trains a judge that imitates your rankings. The model that answers stays as it is.",
  },
];

/** @param {string} method */
export function methodName(method) {
  if (method === "base") return "As it came";
  return methods.find((one) => one.method === method)?.name ?? method;
}

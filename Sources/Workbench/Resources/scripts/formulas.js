// The formulas of the judgement as MathML.

import { math } from "./svg.js";

/** @param {string} name */
const i = (name) => math("mi", {}, name);
/** @param {string} sign */
const o = (sign) => math("mo", {}, sign);
/** @param {string} value */
const n = (value) => math("mn", {}, value);
/** @param {string} text */
const word = (text) => math("mi", { mathvariant: "normal" }, text);
/** @param {...Element} parts */
const row = (...parts) => math("mrow", {}, ...parts);
/** @param {Element} base @param {Element} index */
const sub = (base, index) => math("msub", {}, base, index);

/** The thin space between a function and what it is of. */
const thin = () => math("mspace", { width: "0.17em" });
/** @param {string} name @param {Element} argument */
const of = (name, argument) => row(word(name), o("("), argument, o(")"));

/** @param {string} model */
const logOf = (model) =>
  row(
    word("log"),
    thin(),
    sub(i("π"), model === "θ" ? i("θ") : word("ref")),
    o("("),
    sub(i("y"), i("i")),
    o("∣"),
    i("x"),
    o(")"),
  );

/** @param {...Element} parts */
const formula = (...parts) => math("math", { display: "block" }, row(...parts));

/** The implicit reward of an answer. */
export const implicitReward = () =>
  formula(
    sub(i("r"), i("i")),
    o("="),
    i("β"),
    o("("),
    logOf("θ"),
    o("−"),
    logOf("ref"),
    o(")"),
  );

/** The loss of a pair (Rafailov and others, 2023). */
export const pairLoss = () =>
  formula(
    i("L"),
    o("="),
    o("−"),
    word("log"),
    thin(),
    i("σ"),
    o("("),
    sub(i("r"), word("better")),
    o("−"),
    sub(i("r"), word("worse")),
    o(")"),
  );

/** The advantage of an answer within its group (Shao and others, 2024). */
export const advantage = () =>
  formula(
    sub(i("A"), i("i")),
    o("="),
    math(
      "mfrac",
      {},
      row(sub(i("R"), i("i")), o("−"), of("mean", i("R"))),
      of("std", i("R")),
    ),
  );

/** How far the update would move the weights. */
export const gradientNorm = () =>
  formula(
    o("‖"),
    sub(o("∇"), i("θ")),
    i("L"),
    sub(o("‖"), n("2")),
  );

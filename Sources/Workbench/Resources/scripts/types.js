// The shapes of what the API answers. Types only: nothing here runs.

/** @typedef {"administrator" | "expert" | "viewer"} Role */

/** @typedef {{id: number, name: string, role: Role, disabled?: boolean, createdAt?: string}} Account */

/** @typedef {{letter: string, text: string}} Option */

/** @typedef {{hash: string, kind: "png" | "jpeg" | "webp" | "dicom"}} CaseImage */

/**
 * @typedef {{
 *   width: number, height: number, frames: number, window?: {center: number, width: number}
 * }} ImageFacts
 */

/**
 * @typedef {{
 *   id: string, question: string, images: CaseImage[], options: Option[], answer: string,
 *   diagnosis?: string | null, source: string, heldOut: boolean
 * }} ClinicalCase
 */

/**
 * @typedef {{
 *   id: string, question: string, answer: string, diagnosis?: string | null, source: string,
 *   heldOut: boolean, samplings: number, rankings: number
 * }} CaseSummary
 */

/** @typedef {"queued" | "running" | "verified" | "exhausted" | "stopped" | "failed"} SamplingState */

/**
 * @typedef {{
 *   id: number, caseID?: string | null, images: CaseImage[], versionID: number, wanted: number,
 *   verify: boolean,
 *   schedule?: {attempts: number}, state: SamplingState, attempts: number, accepted: number,
 *   error?: string | null, createdAt: string
 * }} Sampling
 */

/**
 * @typedef {{
 *   id: number, attempt: number, text: string, finish?: string, tokens?: number,
 *   temperature?: number, verdict: string, reason: string
 * }} Trace
 */

/** @typedef {{attempt: number, text: string, verdict: string, reason: string}} Rejection */

/** @typedef {{traceID: number, start: number, end: number, kind: string, note: string}} Span */

/** @typedef {Record<string, number>} AxisScores From 1 (poor) to 5 (good), by the axis' name. */

/**
 * @typedef {{
 *   revision: number, ranks: Record<string, number>, unacceptable: boolean,
 *   axes: Record<string, AxisScores>, reason: string, spans: Span[], seconds: number
 * }} Ranking
 */

/** @typedef {{id: number, text: string}} Answer */

/**
 * @typedef {{
 *   samplingID: number, case: {question: string, images: CaseImage[], options: Option[]},
 *   seen: number, answers: Answer[],
 *   ranking: Ranking | null, draft: {body: any, updatedAt: string} | null
 * }} Sheet
 */

/**
 * @typedef {{
 *   id: number, rank: number, logPolicy: number, logReference: number, tokens: number,
 *   implicitReward: number, groupReward: number, advantage: number
 * }} MeasuredAnswer
 */

/** @typedef {{chosen: number, rejected: number, margin: number, loss: number}} MeasuredPair */

/**
 * @typedef {{
 *   beta?: number, answers: MeasuredAnswer[], pairs: MeasuredPair[], loss: number | null,
 *   gradientNorm?: number | null, policy: string, reference: string
 * }} Mathematics
 */

/**
 * @typedef {{
 *   accepted: number, edited: number, editRate: number, untilRetrain: number, threshold: number
 * }} FeedbackStatistics
 */

/**
 * @typedef {{
 *   before?: number | null, after?: number | null, n: number, leftOut?: number,
 *   low?: number | null, high?: number | null
 * }} Comparison
 */

/**
 * @typedef {{
 *   id: number, name: string, parent?: number | null, method: string, state: string,
 *   metrics?: {preferenceAccuracy?: Comparison, caseAccuracy?: Comparison} | null,
 *   judgements?: number, datasetHash?: string | null, createdAt: string
 * }} Version
 */

/**
 * @typedef {{
 *   id: number, method: string, state: string, step: number, steps: number,
 *   error?: string | null, versionID?: number | null, startedBy?: number | null,
 *   startedAt: string, endedAt?: string | null
 * }} Job
 */

/** @typedef {Record<string, [number, number][]>} Curves Points (step, value) by the curve's name. */

/** @typedef {{value: number | null, low?: number | null, high?: number | null}} Interval */

export {};

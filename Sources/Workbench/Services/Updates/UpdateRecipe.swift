import Foundation
import Records

/// The recipe of one training from judgements: few records, few steps, small learning rates.
struct UpdateRecipe: Sendable {
    let method: TrainingMethod
    /// Optimizer steps.
    let steps: Int
    private let values: [(key: String, value: JSONValue)]

    /// - Parameters:
    ///   - count: records of the training file.
    ///   - adapter: the parent's, to go on from.
    ///   - heldOut: the name of a file that a reward model is measured on.
    ///   - imageRoot: the folder of the records' images; nil where they have none.
    ///   - rewards: of `grpo`.
    init(
        _ method: TrainingMethod, model: String, adapter: String?, trainFile: String, count: Int,
        heldOut: String? = nil, imageRoot: String? = nil, rewards: [JSONValue] = []
    ) {
        let preset = Preset(method)
        let batch = min(count, preset.recordsPerStep)
        let perEpoch = (count + batch - 1) / batch
        let bounds = preset.steps
        let steps = min(max(preset.epochs * perEpoch, bounds.lowerBound), bounds.upperBound)
        var values: [(String, JSONValue)] = [("model", .string(model))]
        if let adapter { values.append(("adapter", .string(adapter))) }
        values += Self.images(imageRoot)
        values += [
            ("train_file", .string(trainFile)),
            ("max_steps", .integer(steps)),
            ("per_device_train_batch_size", .integer(batch * preset.answersPerRecord)),
            ("learning_rate", .number(preset.learningRate)),
            ("lr_scheduler_type", .string("cosine")),
            ("warmup_ratio", .number(0.1)),
            ("lora_dropout", .integer(0)),
            ("save_steps", .integer(steps)),
            ("save_total_limit", .integer(1)),
        ]
        values += Self.own(method, preset, rewards)
        if let heldOut {
            values += [("validation_file", .string(heldOut)), ("eval_steps", .integer(steps))]
        }
        self.method = method
        self.steps = steps
        self.values = values
    }

    /// An image takes many tokens: there is room for them, and where it is not enough, the update
    /// says so instead of leaving the case out.
    private static func images(_ root: String?) -> [(String, JSONValue)] {
        guard let root else { return [("overlong_records", .string("skip"))] }
        return [
            ("image_root", .string(root)), ("max_length", .integer(4096)),
            ("overlong_records", .string("stop")),
        ]
    }

    private static func own(
        _ method: TrainingMethod, _ preset: Preset, _ rewards: [JSONValue]
    ) -> [(String, JSONValue)] {
        switch method {
        case .sft, .reward: []
        case .dpo, .kto: [("beta", .number(0.1))]
        case .grpo:
            [
                ("rewards", .array(rewards)),
                ("num_generations", .integer(preset.answersPerRecord)),
                ("max_completion_length", .integer(160)),
            ]
        }
    }

    /// As YAML, a key a line; each value is JSON, which YAML includes.
    var text: String {
        values.map { "\($0.key): \(Self.json($0.value))\n" }.joined()
    }

    private static func json(_ value: JSONValue) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // No value here is one that JSON lacks: numbers are finite, texts are Unicode.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}

/// What suits dozens of records and a small model: enough steps for a few records to count, and
/// no more than some minutes on a small machine.
private struct Preset {
    let learningRate: Double
    let epochs: Int
    let recordsPerStep: Int
    var answersPerRecord = 1
    let steps: ClosedRange<Int>

    init(_ method: TrainingMethod) {
        switch method {
        case .sft: (learningRate, epochs, recordsPerStep, steps) = (1e-4, 3, 4, 6...90)
        case .dpo: (learningRate, epochs, recordsPerStep, steps) = (2e-4, 3, 8, 8...60)
        case .kto: (learningRate, epochs, recordsPerStep, steps) = (5e-5, 3, 16, 8...60)
        case .reward: (learningRate, epochs, recordsPerStep, steps) = (2e-4, 3, 8, 8...60)
        case .grpo:
            (learningRate, epochs, recordsPerStep, steps) = (5e-5, 2, 4, 6...24)
            answersPerRecord = 4
        }
    }
}

import Foundation
import Testing

/// A training run of twelve short steps through the program: made-up sentences, a small adapter,
/// a checkpoint every step.
struct TrainingCommand {
    /// What is trained: `sft`, or `ppo`, whose rollouts each serve four steps.
    enum Method: String, CaseIterable { case sft, ppo }

    static let steps = 12
    let method: Method
    let program: ProgramFolder

    init(_ method: Method = .sft) throws {
        self.method = method
        program = try ProgramFolder()
        let findings = [
            "fever", "cough", "rash", "thirst", "pallor", "tremor", "wheeze", "jaundice", "ascites",
            "oedema",
        ]
        let rows = findings.enumerated().map { index, finding in
            #"{"id": "\#(index)", "prompt": "A sign:", "completion": " \#(finding), \#(index)."}"#
        }
        try program.write(rows.joined(separator: "\n"), to: "train.jsonl")
        let shared = """
            train_file: train.jsonl
            max_steps: \(Self.steps)
            lora_r: 4
            learning_rate: 1e-3
            lr_scheduler_type: cosine
            save_steps: 1

            """
        try program.write(shared + Self.recipe(method), to: "recipe.yaml")
    }

    private static func recipe(_ method: Method) -> String {
        switch method {
        case .sft:
            """
            per_device_train_batch_size: 2
            max_length: 64
            lora_dropout: 0.1
            validation_split: 0.2
            eval_steps: 3
            """
        case .ppo:
            """
            per_device_train_batch_size: 4
            num_generations: 2
            num_mini_batches: 2
            num_ppo_epochs: 2
            max_completion_length: 8
            rewards: [{type: length, min_tokens: 1, max_tokens: 4, margin: 8}]
            """
        }
    }

    /// Starts the run of this name, or goes on with it where it has begun.
    func start(_ name: String) throws -> RunningProgram {
        let begun = program.exists("\(name)/run.json")
        let arguments = [method.rawValue, "recipe.yaml", "--threads", "2", "--output_dir", name]
        return try program.start(arguments + (begun ? ["--resume"] : []))
    }

    /// Lines of the run's metrics so far.
    func progress(_ name: String) -> Int {
        ((try? program.read("\(name)/metrics.jsonl")) ?? "").count { $0 == "\n" }
    }

    /// The run ended as the reference did: the same weights, every step once, nothing left over.
    func expectEqual(_ name: String, to reference: String) throws {
        for folder in method == .sft ? ["adapter"] : ["adapter", "critic"] {
            #expect(try weights(name, folder) == weights(reference, folder))
        }
        let held = method == .sft ? ["eval_loss"] : ["objective/kl", "rewards/length/mean"]
        for value in ["loss", "num_tokens", "grad_norm"] + held {
            let expected = try values(reference, value)
            #expect(try !expected.isEmpty && values(name, value) == expected, "\(value)")
        }
        #expect(try values(name, "loss").keys.sorted() == Array(1...Self.steps))
        #expect(try !program.names(in: name).contains { $0.hasSuffix(".partial") })
    }

    private func weights(_ name: String, _ folder: String) throws -> Data {
        try Data(contentsOf: program.url("\(name)/\(folder)/adapter_model.safetensors"))
    }

    /// The values of a curve by step; a step that stands there twice fails.
    private func values(_ name: String, _ value: String) throws -> [Int: Double] {
        let points = try program.rows("\(name)/metrics.jsonl").compactMap { row in
            try (row[value] as? Double).map { (try #require(row["step"] as? Int), $0) }
        }
        #expect(Set(points.map(\.0)).count == points.count)
        return Dictionary(points) { first, _ in first }
    }
}

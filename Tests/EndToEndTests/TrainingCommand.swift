import Foundation
import Testing

/// A training run of twelve short steps through the program: made-up sentences, a small adapter,
/// a checkpoint every step.
struct TrainingCommand {
    static let steps = 12
    let program: ProgramFolder

    init() throws {
        program = try ProgramFolder()
        let findings = [
            "fever", "cough", "rash", "thirst", "pallor", "tremor", "wheeze", "jaundice", "ascites",
            "oedema",
        ]
        let rows = findings.enumerated().map { index, finding in
            #"{"id": "\#(index)", "prompt": "A sign:", "completion": " \#(finding), \#(index)."}"#
        }
        try program.write(rows.joined(separator: "\n"), to: "train.jsonl")
        let recipe = """
            train_file: train.jsonl
            max_steps: \(Self.steps)
            per_device_train_batch_size: 2
            max_length: 64
            lora_r: 4
            lora_dropout: 0.1
            learning_rate: 1e-3
            lr_scheduler_type: cosine
            validation_split: 0.2
            save_steps: 1
            eval_steps: 3
            """
        try program.write(recipe, to: "recipe.yaml")
    }

    /// Starts the run of this name, or goes on with it where it has begun.
    func start(_ name: String) throws -> RunningProgram {
        let begun = program.exists("\(name)/run.json")
        let arguments = ["sft", "recipe.yaml", "--threads", "2", "--output_dir", name]
        return try program.start(arguments + (begun ? ["--resume"] : []))
    }

    /// Lines of the run's metrics so far.
    func progress(_ name: String) -> Int {
        ((try? program.read("\(name)/metrics.jsonl")) ?? "").count { $0 == "\n" }
    }

    /// The run ended as the reference did: the same weights, every step once, nothing left over.
    func expectEqual(_ name: String, to reference: String) throws {
        #expect(try weights(name) == weights(reference))
        for value in ["loss", "eval_loss", "num_tokens", "grad_norm"] {
            let expected = try values(reference, value)
            #expect(try !expected.isEmpty && values(name, value) == expected, "\(value)")
        }
        #expect(try values(name, "loss").keys.sorted() == Array(1...Self.steps))
        #expect(try !program.names(in: name).contains { $0.hasSuffix(".partial") })
    }

    private func weights(_ name: String) throws -> Data {
        try Data(contentsOf: program.url("\(name)/adapter/adapter_model.safetensors"))
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

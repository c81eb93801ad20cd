import Recipes
import Testing

struct RecipeRangeTests {
    private func read(_ overrides: [(key: String, value: String)]) throws -> SupervisedRecipe {
        try RecipeReader.read(
            SupervisedRecipe.self,
            file: nil,
            overrides: [("train_file", "/a")] + overrides
        )
    }

    @Test(arguments: [
        ("validation_split", "1", "must be in [0, 1)"),
        ("validation_split", "-0.1", "must be in [0, 1)"),
        ("num_train_epochs", "0", "must be above 0 and at most 1000000"),
        ("num_train_epochs", "1e9", "must be above 0 and at most 1000000"),
        ("max_steps", "0", "must be in 1...1000000000, or -1"),
        ("max_steps", "-2", "must be in 1...1000000000, or -1"),
        ("per_device_train_batch_size", "0", "must be in 1...1000000000"),
        ("per_device_train_batch_size", "9223372036854775807", "must be in 1...1000000000"),
        ("gradient_accumulation_steps", "0", "must be in 1...1000000000"),
        ("max_length", "0", "must be in 1...1000000000"),
        ("lora_r", "0", "must be in 1...1000000000"),
        ("logging_steps", "0", "must be in 1...1000000000"),
        ("save_total_limit", "0", "must be in 1...1000000000"),
        ("eval_steps", "-1", "must be in 0...1000000000"),
        ("save_steps", "-1", "must be in 0...1000000000"),
        ("warmup_steps", "-1", "must be in 0...1000000000"),
        ("max_tokens_per_micro_batch", "-1", "must be in 0...1000000000"),
        ("learning_rate", "0", "must be above 0"),
        ("learning_rate", "-1e-4", "must be above 0"),
        ("adam_epsilon", "0", "must be above 0"),
        ("lora_alpha", "0", "must be above 0"),
        ("weight_decay", "-0.1", "must be 0 or more"),
        ("max_grad_norm", "-1", "must be 0 or more"),
        ("warmup_ratio", "1.5", "must be in [0, 1]"),
        ("lora_dropout", "1", "must be in [0, 1)"),
        ("adam_beta1", "1", "must be in [0, 1)"),
        ("adam_beta2", "-0.5", "must be in [0, 1)"),
        ("lora_target_modules", "[]", "is empty"),
        ("dtype", "f16", "must be f32 or bf16"),
        ("invalid_records", "keep", "must be stop or skip"),
        ("overlong_records", "cut", "must be stop or truncate or skip"),
        ("lr_scheduler_type", "polynomial", "must be constant or linear or cosine"),
        ("loss_type", "mse", "must be nll or dft"),
    ])
    func outOfRange(key: String, value: String, reason: String) {
        let error = #expect(throws: RecipeError.self) { try read([(key, value)]) }
        #expect(error?.description == "command line: \(key): \(reason)")
    }

    @Test func splitBesideAFile() {
        let error = #expect(throws: RecipeError.self) {
            try read([("validation_split", "0.1"), ("validation_file", "b")])
        }
        #expect(error?.key == "validation_split")
    }

    @Test func limitsThemselves() throws {
        let recipe = try read([
            ("num_train_epochs", "0"), ("max_steps", "1"), ("warmup_ratio", "1"),
            ("max_grad_norm", "0"), ("lora_dropout", "0"), ("validation_split", "0"),
        ])
        #expect(recipe.settings.maxSteps == 1 && recipe.settings.warmupRatio == 1)
    }
}

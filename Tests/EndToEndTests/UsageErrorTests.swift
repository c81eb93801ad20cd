import Testing

extension OneAtATime {
    /// Command lines that make no sense are refused at once.
    @Suite(.enabled(if: ProgramFolder.isBuilt, ProgramFolder.needsBuild))
    struct UsageErrorTests {
        @Test(arguments: [
            (["generate"], "Missing expected argument '--prompt <prompt> ...'"),
            (["generate", "--prompt", "a", "--samples", "0"], "--samples must be 1 or more"),
            (
                [
                    "evaluate", "--task", "vqa-rad", "--data", "a", "--output", "b",
                    "--max-pixels=0",
                ],
                "--max-pixels must be 1 or more"
            ),
            (["generate", "--prompt", "a", "--threads", "x"], "The value 'x' is invalid"),
            (["score", "--input", "a"], "Missing expected argument '--output <output>'"),
            (["evaluate", "--task", "riddles", "--output", "a"], "The value 'riddles' is invalid"),
            (["evaluate", "--task", "pubmedqa", "--output", "a"], "--data is missing"),
            (["evaluate", "--task", "casebank", "--output", "a", "--count=-1"], "--count must be"),
            (["preview", "--data", "a", "--count=-1"], "--count must be 0 or more"),
            (["preview", "--data", "a", "--max-length=0"], "--max-length must be 1 or more"),
            (["cases", "--output", "a", "--count=-5"], "--count must be 1 or more"),
            (["quickstart", "--train-cases=0"], "--train-cases must be 1 or more"),
            (["quickstart", "--epochs=-1"], "--epochs must be above 0"),
            (
                ["images", "deidentify", "a/IM1", "b/IM1", "--output", "c"],
                "2 inputs are called IM1: one copy would replace the other"
            ),
            (
                ["images", "scrub", "a", "--output", "c", "--clean", "visual-features"],
                "--clean visual-features: nothing here finds faces"
            ),
            (["sft"], "give a recipe, or keys such as --train_file"),
            (["sft", "recipe.yaml", "--seed"], "--seed needs a value"),
            (["sft", "recipe.yaml", "seed", "7"], "unexpected argument 'seed'"),
            (["sft", "recipe.yaml", "--accept-changed"], "--accept-changed needs --resume"),
        ])
        func refused(arguments: [String], message: String) throws {
            let result = try ProgramFolder().start(arguments).wait()
            #expect(result.status == 64 && result.output.isEmpty)
            #expect(result.errors.hasPrefix("Error: \(message)"), "\(result.errors)")
        }

        @Test(arguments: [
            (["--temperature=-1"], "temperature must be 0, or from 0.0001 to 1000000"),
            (["--top-p", "1.5"], "top-p must be above 0 and at most 1"),
            (["--min-p=-0.1"], "min-p must be at least 0 and below 1"),
            (["--max-tokens", "0"], "max-tokens must be 1 or more"),
            (["--stop", ""], "stop must not be an empty text"),
            (["--device", "tpu"], "unknown device 'tpu': say cpu, cuda, cuda:N or mps"),
        ])
        func settings(arguments: [String], message: String) throws {
            let result = try ProgramFolder().start(["generate", "--prompt", "a"] + arguments).wait()
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors == "Error: \(message)\n")
        }

        @Test func deviceThatIsNotThere() throws {
            let result = try ProgramFolder().run(
                "generate", "--prompt", "a", "--device", "cuda:77")
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors.hasPrefix("Error: device cuda:77: "), "\(result.errors)")
        }
    }
}

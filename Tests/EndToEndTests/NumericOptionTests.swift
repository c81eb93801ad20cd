import Foundation
import Testing

extension OneAtATime {
    /// No number on a command line ends the program but by an error that says what is wrong.
    @Suite(.enabled(if: ProgramFolder.isBuilt, ProgramFolder.needsBuild))
    struct NumericOptionTests {
        /// Commands that get nowhere, for what they are to read is not there, and the options that
        /// take numbers.
        static let commands: [(words: [String], options: [String])] = [
            (
                ["generate", "--prompt", "a", "--model", "nowhere"],
                [
                    "--temperature", "--top-k", "--top-p", "--min-p", "--repetition-penalty",
                    "--max-tokens", "--seed", "--samples", "--frame", "--max-pixels", "--threads",
                ]
            ),
            (
                ["evaluate", "--task", "vqa-rad", "--data", "nowhere", "--output", "out"],
                ["--limit", "--count", "--max-tokens", "--overlays"]
            ),
            (
                ["attack", "--task", "vqa-rad", "--data", "nowhere", "--output", "out"],
                [
                    "--epsilon", "--steps", "--step-share", "--restarts", "--limit",
                    "--max-tokens",
                ]
            ),
            (
                ["answers", "--data", "nowhere", "--output", "out"],
                ["--limit", "--max-tokens"]
            ),
            (
                ["images", "render", "nowhere", "--output", "out"],
                ["--frame", "--size", "--window"]
            ),
            (["preview", "--data", "nowhere"], ["--max-length", "--count"]),
            (
                ["split", "nowhere", "--train", "a.json", "--test", "b.json"],
                ["--fraction", "--seed"]
            ),
            (["cases", "--output", "/dev/null/nowhere"], ["--count", "--seed"]),
        ]

        /// What no option takes, and what some take.
        private static let never = ["nan", "-1", "1e400"]
        private static let sometimes = ["0", "9223372036854775807", "1e19"]

        @Test(
            arguments: commands.flatMap { command in command.options.map { (command.words, $0) } })
        func refused(words: [String], option: String) throws {
            let folder = try ProgramFolder()
            let values = Self.never + Self.sometimes
            let programs = try values.map { try folder.start(words + ["\(option)=\($0)"]) }
            for (value, program) in zip(values, programs) {
                let result = try program.wait()
                #expect(!result.wasKilled && result.status != 0, "\(option)=\(value)")
                #expect(result.errors.hasPrefix("Error: ") || result.errors.contains("nowhere"))
                if Self.never.contains(value) {
                    let name = option.drop { $0 == "-" }
                    #expect(
                        result.errors.contains(name), "\(option)=\(value): \(result.errors)")
                }
            }
        }

        @Test(arguments: [
            (["--epsilon", "1e19"], "--epsilon must be from 1.0 to 255.0 under linf"),
            (["--epsilon", "0.5"], "--epsilon must be from 1.0 to 255.0 under linf"),
            (["--epsilon", "2,2"], "--epsilon must differ"),
            (["--epsilon", "2,"], "--epsilon must be from"),
            (["--norm", "l2", "--epsilon", "1e7"], "--epsilon must be from 0.001 to 4000000.0"),
            (["--steps", "10001"], "--steps must be from 1 to 10000"),
            (["--restarts", "2", "--no-random-start"], "--restarts are all the same"),
            (["--step-share", "nan"], "--step-share must be above 0 and at most 2"),
            (["--threads", "4097"], "--threads must be at most 4096"),
            (["--limit", "0"], "--limit must be 1 or more"),
            (["--limit", "2000000000"], "--limit must be at most 1000000000"),
        ])
        func attacks(arguments: [String], message: String) throws {
            let command = ["attack", "--task", "vqa-rad", "--data", "a", "--output", "b"]
            let result = try ProgramFolder().start(command + arguments).wait()
            #expect(result.status == 64 && result.output.isEmpty)
            #expect(result.errors.hasPrefix("Error: \(message)"), "\(result.errors)")
        }
    }
}

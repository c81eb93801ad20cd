import Foundation
import Testing

extension OneAtATime {
    /// Conversations through a pipe.
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct ChatCommandTests {
        private static let questions = ["What is a fever?", "And what lowers it?"]
        private let program: ProgramFolder

        init() throws { program = try ProgramFolder() }

        /// The answers of a conversation, which ends with its input.
        private func answers(_ input: String) throws -> [String] {
            let result = try program.run("chat", "--max-tokens", "16", input: input)
            #expect(result.status == 0 && !result.wasKilled)
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
            // A prompt before each line of input and one at its end.
            #expect(result.output.hasPrefix("> ") && result.output.hasSuffix("\n> \n"))
            return result.output.components(separatedBy: "> ").map {
                $0.trimmingCharacters(in: .whitespacesAndNewlines)
            }.filter { !$0.isEmpty }
        }

        private func alone(_ question: String) throws -> String {
            try program.run("generate", "--max-tokens", "16", "--prompt", question).output
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// The second answer follows from the first question, unless it was forgotten.
        @Test func conversationHasMemory() throws {
            let (first, second) = (Self.questions[0], Self.questions[1])
            let expected = [try alone(first), try alone(second)]
            let remembered = try answers("\(first)\n\n\(second)\n")
            #expect(remembered.count == 2 && remembered[0] == expected[0])
            #expect(remembered.last != expected[1])
            #expect(try answers("\(first)\n/reset\n\(second)") == expected)
        }

        @Test func quitEndsBeforeTheInput() throws {
            let result = try program.run("chat", "--max-tokens", "4", input: "/quit\nnever read\n")
            #expect(result.status == 0 && result.output == "> ")
        }
    }
}

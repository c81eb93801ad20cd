import Foundation
import Processes
import Records

/// The lines between us and a reward program.
enum ProgramLine {
    /// A JSON object and a line feed; nil for numbers that JSON does not have.
    static func line(for input: RewardInput) -> [UInt8]? {
        var object = input.columns
        object["id"] = input.id.map(JSONValue.string) ?? .null
        object["prompt"] = prompt(input.prompt)
        let files = input.images.filter { $0.embedded == nil }
        if !files.isEmpty { object["images"] = .array(files.map { .string($0.path) }) }
        object["completion"] = .string(input.completion)
        object["completion_tokens"] = .integer(input.completionTokens)
        object["truncated"] = .bool(input.isTruncated)
        return (try? JSONEncoder.line.encode(object)).map { [UInt8]($0) + [.newline] }
    }

    /// A finite number, or nil for `null`.
    static func score(in line: ArraySlice<UInt8>) throws(LineProgramError) -> Double? {
        let spaces = line.prefix(while: \.isSpace).count
        var rest = line.dropFirst(spaces)
        while rest.last?.isSpace == true { rest.removeLast() }
        if rest.elementsEqual("null".utf8) { return nil }
        guard rest.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
            let score = Double(String(decoding: rest, as: UTF8.self)), score.isFinite
        else { throw .invalidAnswer("is neither a number nor null") }
        return score
    }

    private static func prompt(_ prompt: Turns) -> JSONValue {
        switch prompt {
        case .text(let text): .string(text)
        case .messages(let turns):
            .array(
                turns.map {
                    .object(["role": .string($0.role), "content": .string($0.content)])
                })
        }
    }
}

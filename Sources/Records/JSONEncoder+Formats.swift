import Foundation

/// How this program writes JSON: the same value is the same text, and paths stay readable.
///
/// Each is a new encoder, whose other settings may be changed.
extension JSONEncoder {
    /// On one line, keys sorted: a record of a file, a request, a reply, a value of a recipe.
    package static var line: JSONEncoder { formatted([.sortedKeys, .withoutEscapingSlashes]) }

    /// On several lines, keys sorted: a file or an output that people read.
    package static var pretty: JSONEncoder {
        formatted([.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    /// As `line`, with `\/` for `/`: what hashes and checkpoints have been made of from the first.
    package static var escapingSlashes: JSONEncoder { formatted([.sortedKeys]) }

    private static func formatted(_ formatting: OutputFormatting) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        return encoder
    }
}

import ArgumentParser

/// Bounds of whole numbers on the command line: what is added to them or held as often must not
/// end the program.
enum NumberRange {
    /// - Parameter name: the option, as it is written.
    /// - Throws: `ValidationError` that says the bound; nothing for an option that was left out.
    static func require(
        _ value: Int?, _ name: String, _ least: PartialRangeFrom<Int>, most: Int = 1_000_000_000
    ) throws {
        guard let value else { return }
        if value < least.lowerBound {
            throw ValidationError("\(name) must be \(least.lowerBound) or more")
        }
        if value > most { throw ValidationError("\(name) must be at most \(most)") }
    }
}

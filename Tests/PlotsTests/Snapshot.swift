import Foundation
import TestSupport
import Testing

/// Expects a text to be what `Tests/Fixtures/plots` holds.
///
/// After a change that was meant, run the tests with `UPDATE_SNAPSHOTS=1` and read the difference before committing it.
func expectSnapshot(
    _ text: String,
    _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let url = TestFiles.fixtures.appending(path: "plots/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
        try Data(text.utf8).write(to: url)
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    #expect(text == expected, "differs from \(name)", sourceLocation: sourceLocation)
}

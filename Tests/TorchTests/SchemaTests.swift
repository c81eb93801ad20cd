import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

struct SchemaTests {
    init() { startEngine() }

    /// Resolves every operator, and shows as a difference what another libtorch changed in them.
    ///
    /// After a change that was meant, run the tests with `UPDATE_SNAPSHOTS=1` and read the
    /// difference before committing it.
    @Test func schemasAreThoseOfTheSnapshot() throws {
        let text = Operators.everything.map { "\($0.schema)\n" }.joined()
        let url = TestFiles.fixtures.appending(path: "torch/schemas.txt")
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
        let expected = try String(contentsOf: url, encoding: .utf8)
        #expect(text == expected, "differs from torch/schemas.txt")
    }

    @Test func everyOperatorIsListedOnce() {
        let names = Operators.everything.map(\.name)
        #expect(Set(names).count == names.count)
        // A schema starts with the name that the operator was looked up by.
        for entry in Operators.everything { #expect(entry.schema.hasPrefix(entry.name + "(")) }
    }

    @Test func versionIsTheOneOfTheHeaders() {
        #expect(Runtime.libtorchVersion.hasPrefix("2."))
        #expect(Runtime.threads >= 1)
    }
}

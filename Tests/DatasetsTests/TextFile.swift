import Foundation
import TestSupport

/// A file with this text in a scratch folder that is removed afterwards.
@discardableResult
func withFile<Result>(_ text: String, _ body: (URL) throws -> Result) throws -> Result {
    try withFile(Data(text.utf8), body)
}

@discardableResult
func withFile<Result>(_ bytes: Data, _ body: (URL) throws -> Result) throws -> Result {
    let folder = try TestFiles.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "records.jsonl")
    try bytes.write(to: url)
    return try body(url)
}

import Foundation
import Synchronization

/// Finds files whose names are written in other letter case or with other white space than they
/// have. Each folder is listed once.
final class FolderIndex: Sendable {
    /// Names in each folder, by what they are when folded.
    private let listings = Mutex<[String: [String: [String]]]>([:])

    /// The path below the folder that exists and differs from this one by letter case and white
    /// space alone; nil when there is none, or when a step has more than one such name.
    func path(_ written: String, below folder: String) -> String? {
        var place = folder
        for step in written.split(separator: "/") where step != "." {
            let exact = place + "/" + step
            if FileManager.default.fileExists(atPath: exact) {
                place = exact
                continue
            }
            let names = listing(of: place)[Self.folded(step)] ?? []
            guard names.count == 1 else { return nil }
            place += "/" + names[0]
        }
        return place
    }

    private func listing(of folder: String) -> [String: [String]] {
        if let known = listings.withLock({ $0[folder] }) { return known }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let listing = Dictionary(grouping: names, by: Self.folded)
        listings.withLock { $0[folder] = listing }
        return listing
    }

    /// Strings that differ by Unicode's normal form alone are equal already.
    private static func folded(_ name: some StringProtocol) -> String {
        name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

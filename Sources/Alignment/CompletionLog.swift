import Foundation
import Records

/// `completions.jsonl` of a run: what was answered and what it was worth. It holds the model's
/// text, so a recipe has to ask for it.
struct CompletionLog {
    private let url: URL

    init(folder: String) {
        url = URL(filePath: folder).appending(path: "completions.jsonl")
    }

    /// Appends a line for each completion.
    func append(_ rollout: Rollout, number: Int) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = Data()
        var index = 0
        for group in rollout.groups {
            for (place, completion) in group.completions.enumerated() {
                let row = Row(
                    rollout: number, id: group.id, completion: rollout.texts[index],
                    truncated: completion.isTruncated, advantage: group.advantages[place],
                    rewards: Dictionary(
                        uniqueKeysWithValues: zip(
                            rollout.scores.names, rollout.scores.columns.map { $0[index] })))
                lines += try encoder.encode(row) + Data("\n".utf8)
                index += 1
            }
        }
        if !FileManager.default.fileExists(atPath: url.path) {
            FileManager.default.createFile(
                atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        let handle = try FileHandle(forWritingTo: url)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: lines)
    }

    private struct Row: Encodable {
        let rollout: Int
        let id: String
        let completion: String
        let truncated: Bool
        let advantage: Double
        let rewards: [String: Double?]
    }
}

import Foundation
import Recipes
import Records

/// `completions.jsonl` of a run: what was answered and what it was worth. It holds the model's
/// text, so a recipe has to ask for it.
///
/// Rollouts stand in their order, each once: one that is drawn again, as after a resumption, takes
/// the place of what it had before and of all later ones.
struct CompletionLog {
    private let url: URL

    init(_ folder: RunFolder) { url = folder.completions }

    /// Writes a line for each completion of a rollout behind those of earlier rollouts; they are
    /// on the disk when it returns.
    func write(_ rollout: Rollout, number: Int) throws {
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
                lines += try encoder.encode(row) + Data([newline])
                index += 1
            }
        }
        if !FileManager.default.fileExists(atPath: url.path) {
            FileManager.default.createFile(
                atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        let handle = try FileHandle(forUpdating: url)
        defer { try? handle.close() }
        try handle.truncate(atOffset: UInt64(lengthBefore(number)))
        try handle.seekToEnd()
        try handle.write(contentsOf: lines)
        try handle.synchronize()
    }

    /// Bytes that whole lines of earlier rollouts take, sought from the end.
    private func lengthBefore(_ number: Int) throws -> Int {
        let data = try Data(contentsOf: url, options: .mappedIfSafe)
        var end = data.count
        while end > 0 {
            let start = data[..<(end - 1)].lastIndex(of: newline).map { $0 + 1 } ?? 0
            let row = try? JSONDecoder().decode(Place.self, from: data[start..<(end - 1)])
            if data[end - 1] == newline, let row, row.rollout < number { break }
            end = start
        }
        return end
    }

    private struct Row: Encodable {
        let rollout: Int
        let id: String
        let completion: String
        let truncated: Bool
        let advantage: Double
        let rewards: [String: Double?]
    }

    private struct Place: Decodable { let rollout: Int }
}

private let newline = UInt8(ascii: "\n")

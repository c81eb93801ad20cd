import Foundation
import Recipes
import Rewards
import TestSupport
import Testing

@testable import Alignment

struct CompletionLogTests {
    private func rollout(_ text: String) -> Rollout {
        let group = RolloutGroup(
            id: "a", prompt: [1],
            completions: [
                SampledCompletion(tokens: [2], logProbabilities: [-1], isTruncated: false)
            ], advantages: [0.5])
        return Rollout(
            groups: [group], scores: RewardScores(names: ["r"], weights: [1], columns: [[1]]),
            texts: [text])
    }

    private func texts(_ url: URL) throws -> [String] {
        try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return "\(row?["rollout"] ?? "") \(row?["completion"] ?? "")"
        }
    }

    /// A rollout that is drawn again takes its own place and that of those behind it; torn lines
    /// go, whatever stands before.
    @Test func everyRolloutStandsOnce() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = CompletionLog(RunFolder(folder))
        let url = folder.appending(path: "completions.jsonl")
        for number in 0..<4 { try log.write(rollout("first"), number: number) }
        #expect(try texts(url) == ["0 first", "1 first", "2 first", "3 first"])
        try log.write(rollout("second"), number: 2)
        #expect(try texts(url) == ["0 first", "1 first", "2 second"])
        let handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"rollout":3,"comp"#.utf8))
        try handle.close()
        try log.write(rollout("third"), number: 3)
        #expect(try texts(url) == ["0 first", "1 first", "2 second", "3 third"])
        try log.write(rollout("anew"), number: 0)
        #expect(try texts(url) == ["0 anew"])
    }
}

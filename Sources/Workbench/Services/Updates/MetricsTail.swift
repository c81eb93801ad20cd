import Foundation
import Recipes
import Records

/// What a training measured at one step.
package struct MeasuredStep: Codable, Sendable, Hashable {
    package let step: Int
    package let values: [String: Double]

    private static let columns = [MetricName.step, MetricName.epoch, MetricName.time]

    /// A line of `metrics.jsonl`; nil for any other line.
    init?(_ line: Data) {
        guard let json = try? JSONDecoder().decode(JSONValue.self, from: line),
            let members = json.object, let step = json[MetricName.step]?.integer
        else { return nil }
        self.step = step
        values = members.compactMapValues(\.number)
            .filter { !Self.columns.contains($0.key) && $0.value.isFinite }
    }
}

/// Reads a `metrics.jsonl` that is being written, each whole line once.
actor MetricsTail {
    private let url: URL
    private var offset: UInt64 = 0

    init(_ url: URL) {
        self.url = url
    }

    /// What has been written since the last call; nothing while there is no file.
    func read() -> [MeasuredStep] {
        guard let file = try? FileHandle(forReadingFrom: url) else { return [] }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: offset)) != nil, let data = try? file.readToEnd(),
            let end = data.lastIndex(of: newline)
        else { return [] }
        let whole = data[...end]
        offset += UInt64(whole.count)
        return whole.split(separator: newline).compactMap { MeasuredStep(Data($0)) }
    }

    /// The curves of a whole file: for each name the steps and values, `[[step, value], ...]`.
    static func curves(_ url: URL) async -> [String: [[Double]]] {
        var curves: [String: [[Double]]] = [:]
        for row in await MetricsTail(url).read() {
            for (name, value) in row.values {
                curves[name, default: []].append([Double(row.step), value])
            }
        }
        return curves
    }
}

private let newline = UInt8(ascii: "\n")

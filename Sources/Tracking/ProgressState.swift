import Foundation

/// How far a run is, and how to say so in one line.
public struct ProgressState: Sendable, Hashable {
    public var step: Int
    public var total: Int
    public var loss: Double?
    public var tokensPerSecond: Double?
    public var memoryBytes: Int?

    public init(
        step: Int,
        total: Int,
        loss: Double? = nil,
        tokensPerSecond: Double? = nil,
        memoryBytes: Int? = nil
    ) {
        self.step = step
        self.total = total
        self.loss = loss
        self.tokensPerSecond = tokensPerSecond
        self.memoryBytes = memoryBytes
    }

    /// The state as a line of at most `width` characters, without a line break.
    ///
    /// Where not all fits, the bar goes first, then memory, speed, time left and loss; in the end
    /// the step is cut.
    func line(width: Int, secondsLeft: Double?, colour: Bool) -> String {
        let all = fields(secondsLeft: secondsLeft)
        var fields = all
        while fields.count > 1, Self.length(of: fields) > width {
            let least = fields.indices.max { fields[$0].rank < fields[$1].rank }
            fields.remove(at: least ?? fields.count - 1)
        }
        let texts = fields.map(\.text)
        let room = min(Self.barLimit, width - Self.length(of: fields) - Self.gap.count)
        guard fields.count == all.count, room >= Self.barMinimum else {
            return cut(texts.joined(separator: Self.gap), to: width)
        }
        return ([bar(length: room, colour: colour)] + texts).joined(separator: Self.gap)
    }

    /// The state in full, for a log file.
    func plainLine(secondsLeft: Double?) -> String {
        fields(secondsLeft: secondsLeft).map(\.text).joined(separator: Self.gap)
    }

    private struct Field {
        let text: String
        /// The higher, the earlier it is left out.
        let rank: Int
    }

    private static let gap = "  "
    private static let barLimit = 32
    private static let barMinimum = 8

    private func fields(secondsLeft: Double?) -> [Field] {
        let speed = tokensPerSecond.map { Field(text: "\(grouped($0)) tokens/s", rank: 3) }
        let memory = memoryBytes.map { bytes in
            Field(text: String(format: "%.1f GB", Double(bytes) / 1e9), rank: 4)
        }
        let left = secondsLeft.map { Field(text: "\(duration($0)) left", rank: 2) }
        return [
            Field(text: "\(step)/\(total)", rank: 0),
            loss.map { Field(text: String(format: "loss %.3f", $0), rank: 1) },
            speed, memory, left,
        ].compactMap(\.self)
    }

    private static func length(of fields: [Field]) -> Int {
        fields.reduce(-gap.count) { $0 + $1.text.count + gap.count }
    }

    private func bar(length: Int, colour: Bool) -> String {
        let share = total > 0 ? Double(step) / Double(total) : 0
        let done = max(0, min(length, Int(share * Double(length))))
        let past = String(repeating: "━", count: done)
        let future = String(repeating: "─", count: length - done)
        return colour ? "\u{1B}[36m\(past)\u{1B}[0m\u{1B}[2m\(future)\u{1B}[0m" : past + future
    }

    private func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(max(0, width - 1)) + (width > 0 ? "…" : "")
    }
}

/// A rounded number with commas between thousands; a dash where it is not finite.
private func grouped(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "–" }
    var digits = String(Int(number.rounded()))
    var end = digits.endIndex
    while let comma = digits.index(end, offsetBy: -3, limitedBy: digits.startIndex),
        comma > digits.startIndex
    {
        digits.insert(",", at: comma)
        end = comma
    }
    return digits
}

/// "45 s", "12 min 05 s", "3 h 05 min", "2 d 4 h".
private func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "–" }
    let whole = max(0, Int(seconds.rounded()))
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(padded(whole % 60)) s"
    case ..<86400: return "\(whole / 3600) h \(padded(whole / 60 % 60)) min"
    default: return "\(whole / 86400) d \(whole / 3600 % 24) h"
    }
}

private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

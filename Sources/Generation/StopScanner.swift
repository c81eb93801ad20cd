/// Finds stop strings in text that comes in pieces, and holds back what may become one.
///
/// It works on UTF-8: stop strings and pieces are whole characters, so are all its cuts.
struct StopScanner {
    private let stops: [[UInt8]]
    /// The beginning of a stop string, perhaps.
    private var held: [UInt8] = []

    init(_ stops: [String]) { self.stops = stops.map { Array($0.utf8) } }

    /// The text that no stop string can begin in any more, and whether one follows it.
    mutating func append(_ piece: String) -> (text: String, isStopped: Bool) {
        if stops.isEmpty { return (piece, false) }
        held += piece.utf8
        if let start = stops.compactMap({ held.firstRange(of: $0)?.lowerBound }).min() {
            return (take(start), true)
        }
        return (take(held.count - openLength), false)
    }

    /// What was held back, when no text follows.
    mutating func flush() -> String { take(held.count) }

    private mutating func take(_ count: Int) -> String {
        defer { held.removeFirst(count) }
        return String(decoding: held.prefix(count), as: UTF8.self)
    }

    /// Bytes at the end that begin a stop string.
    private var openLength: Int {
        stops.map { stop in
            (1..<stop.count).last { held.suffix($0).elementsEqual(stop.prefix($0)) } ?? 0
        }.max() ?? 0
    }
}

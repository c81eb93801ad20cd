import Answers

/// The part of a completion that is its answer, without white space around it:
/// 1. what the last complete `<answer>` pair holds, over lines;
/// 2. else the rest of the line behind the last "Answer:" or "answer is", without the marks
///    `* _ : "` and backquotes around it;
/// 3. else everything.
struct FinalAnswer {
    enum Place { case tagged, announced, everywhere }

    let place: Place
    let text: String

    init(in completion: String) {
        if let tagged = TaggedText(completion).last("answer") {
            (place, text) = (.tagged, tagged.trimmed)
        } else if let announced = Self.announced(in: completion) {
            (place, text) = (.announced, announced)
        } else {
            (place, text) = (.everywhere, completion.trimmed)
        }
    }

    private static func announced(in completion: String) -> String? {
        let bytes = Array(completion.utf8)
        let lower = bytes.map { (65...90).contains($0) ? $0 | 32 : $0 }
        let phrases = ["answer:", "answer**:", "answer is"]
        let ends = phrases.compactMap { lower.ranges(of: Array($0.utf8)).last?.upperBound }
        guard let start = ends.max() else { return nil }
        let marks = Set("*_:\"`".utf8)
        var rest = bytes[start...].drop { marks.contains($0) || $0.isSpace }
        rest = rest.prefix { $0 != .newline }
        while let last = rest.last, marks.contains(last) || last.isSpace { rest.removeLast() }
        return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }
}

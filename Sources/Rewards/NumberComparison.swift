/// The number given differs from the known one by at most `tolerance` times the known one.
///
/// In tags the number is the only one there; announced, the first behind the announcement; else
/// the last of the completion. Numbers are written `-3`, `1,234.5`, `3e-4`; units may follow.
struct NumberComparison: AnswerComparison {
    let tolerance: Double

    func question(_: RewardInput, gold: GoldAnswer) -> ((FinalAnswer) -> Bool)? {
        guard let known = Self.only(of: Self.numbers(in: gold.text)) else { return nil }
        let limit = tolerance * abs(known)
        return { answer in
            let numbers = Self.numbers(in: answer.text)
            let given =
                switch answer.place {
                case .tagged: Self.only(of: numbers)
                case .announced: numbers.first
                case .everywhere: numbers.last
                }
            return given.map { abs($0 - known) <= limit } ?? false
        }
    }

    private static func only(of numbers: [Double]) -> Double? {
        Set(numbers).count == 1 ? numbers.first : nil
    }

    /// The numbers of a text, in order; digits inside words, as in B12, are none.
    static func numbers(in text: String) -> [Double] {
        let bytes = Array(text.replacing("\u{2212}", with: "-").utf8)
        var numbers: [Double] = []
        var place = 0
        while place < bytes.count {
            let start = place
            let isStart = place == 0 || !bytes[place - 1].isWordByte
            guard isStart, let end = end(of: bytes, from: place) else {
                place += 1
                continue
            }
            let digits = bytes[start..<end].filter { $0 != UInt8(ascii: ",") }
            if let number = Double(String(decoding: digits, as: UTF8.self)) {
                numbers.append(number)
            }
            place = end
        }
        return numbers
    }

    /// Behind the number that begins here: sign, digits with commas between groups of three,
    /// fraction, exponent.
    private static func end(of bytes: [UInt8], from start: Int) -> Int? {
        var place = start
        if bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") { place += 1 }
        let whole = digits(bytes, from: place)
        guard whole > place else { return nil }
        place = whole
        while place < bytes.count, bytes[place] == UInt8(ascii: ","),
            digits(bytes, from: place + 1) == place + 4
        {
            place += 4
        }
        if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
            let fraction = digits(bytes, from: place + 1)
            if fraction > place + 1 { place = fraction }
        }
        return exponent(bytes, from: place) ?? place
    }

    private static func exponent(_ bytes: [UInt8], from start: Int) -> Int? {
        guard start < bytes.count, bytes[start] | 32 == UInt8(ascii: "e") else { return nil }
        var place = start + 1
        if place < bytes.count, "+-".utf8.contains(bytes[place]) { place += 1 }
        let end = digits(bytes, from: place)
        return end > place ? end : nil
    }

    private static func digits(_ bytes: [UInt8], from start: Int) -> Int {
        var place = start
        while place < bytes.count, (48...57).contains(bytes[place]) { place += 1 }
        return place
    }
}

extension UInt8 {
    /// A letter, a digit, or a part of a character beyond ASCII.
    fileprivate var isWordByte: Bool {
        (48...57).contains(self) || (65...90).contains(self & 0xDF) || self >= 128
    }
}

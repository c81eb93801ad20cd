/// What the splitting patterns ask of a character: sets of these are what they repeat.
struct ScalarClass: OptionSet, Sendable {
    let rawValue: UInt8

    /// Letters: `\p{L}`.
    static let letter = ScalarClass(rawValue: 1)
    /// Numbers: `\p{N}`.
    static let number = ScalarClass(rawValue: 2)
    /// Line breaks: `[\r\n]`.
    static let newline = ScalarClass(rawValue: 4)
    /// Whitespace but line breaks.
    static let space = ScalarClass(rawValue: 8)
    /// Everything else: `[^\s\p{L}\p{N}]`.
    static let other = ScalarClass(rawValue: 16)
    /// All whitespace: `\s`.
    static let whitespace: ScalarClass = [.newline, .space]

    var isWhitespace: Bool { !isDisjoint(with: .whitespace) }

    @inline(__always)
    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    @inline(__always)
    init(ascii byte: UInt8) {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A: self = .letter
        case 0x20, 0x09, 0x0B, 0x0C: self = .space
        case 0x0A, 0x0D: self = .newline
        case 0x30...0x39: self = .number
        default: self = .other
        }
    }

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
            self = .space
        case 0x4E00...0x9FFF, 0xAC00...0xD7A3: self = .letter
        default: self.init(scalar.properties.generalCategory)
        }
    }

    private init(_ category: Unicode.GeneralCategory) {
        switch category {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        default: self = .other
        }
    }
}

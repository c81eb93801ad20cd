/// SplitMix64 (Steele, Lea, Flood 2014): a seeded stream whose draws never change with the
/// toolchain or the platform, unlike those of the standard library.
public struct RandomStream: Sendable {
    private var state: UInt64

    /// A stream of its own for each `key`.
    public init(seed: UInt64, key: UInt64 = 0) {
        state = Self.mix(seed) ^ Self.mix(key &+ Self.gamma)
    }

    private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Spreads the bits of a value: a cheap hash.
    public static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= Self.gamma
        return Self.mix(state)
    }

    /// Uniform in [0, 1), in steps of 2^-53.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform below `bound`, without bias (Lemire 2019).
    public mutating func next(below bound: Int) -> Int {
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold {
                product = next().multipliedFullWidth(by: range)
            }
        }
        return Int(product.high)
    }

    /// Fisher-Yates.
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(index, next(below: index + 1))
        }
    }
}

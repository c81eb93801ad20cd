/// The SplitMix64 generator: small, and the same on every platform and Swift version.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. Draws and
/// shuffles are written out here because the standard library may change how it uses a generator.
struct SplitMix64: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A uniform draw from `0..<bound`; `bound` must be positive.
    ///
    /// The largest multiple of `bound` limits the raw draw, so that no remainder is favoured.
    mutating func next(below bound: Int) -> Int {
        let size = UInt64(bound)
        let limit = UInt64.max - UInt64.max % size
        var draw = next()
        while draw >= limit { draw = next() }
        return Int(draw % size)
    }

    /// One element, uniformly; nil when there is none.
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[next(below: elements.count)]
    }

    /// The elements in a uniformly random order (Fisher and Yates).
    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in stride(from: result.count - 1, to: 0, by: -1) {
            result.swapAt(index, next(below: index + 1))
        }
        return result
    }

    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A hash that, unlike Swift's own, is the same in every process: FNV-1a over the UTF-8 bytes of
/// the parts, each ended by a zero byte, then mixed.
func stableHash(_ parts: [String]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for part in parts {
        for byte in Array(part.utf8) + [0] {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }
    return SplitMix64.mix(hash)
}

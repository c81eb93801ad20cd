import Randomness

/// A hash that, unlike Swift's own, is the same in every process: FNV-1a over the UTF-8 bytes of
/// the parts, each ended by a zero byte, then mixed.
func stableHash(_ parts: [String]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for part in parts {
        for byte in Array(part.utf8) + [0] {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }
    return RandomStream.mix(hash)
}

extension RandomStream {
    /// One element, uniformly; nil when there is none.
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[next(below: elements.count)]
    }

    /// The elements in a uniformly random order.
    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        shuffle(&result)
        return result
    }
}

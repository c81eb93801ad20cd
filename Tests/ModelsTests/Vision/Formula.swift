import Torch

/// Weights and pixels by the formula of `Scripts/reference/vision_formula.py`: SplitMix64 from the
/// FNV-1a hash of a name, the upper 24 bits as a number in [-1, 1), exact in f32.
enum Formula {
    static func uniform(_ name: String, _ shape: [Int]) -> Tensor {
        let seed = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { seed, byte in
            (seed ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        var state = seed
        return Tensor(uninitialized: shape, Float.self) { values in
            for index in values.indices { values[index] = next(&state) }
        }
    }

    /// A weight: a quarter of that, and one more for scales.
    static func weight(_ name: String, _ shape: [Int]) -> Tensor {
        let values = uniform(name, shape) * 0.25
        return isScale(name) ? values + 1 : values
    }

    private static func next(_ state: inout UInt64) -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return Float(z >> 40) / Float(1 << 23) - 1
    }

    private static func isScale(_ name: String) -> Bool {
        if name.hasSuffix("lambda1") { return true }
        guard name.hasSuffix(".weight") else { return false }
        let module = name.split(separator: ".").dropLast().last ?? ""
        return module.contains("norm") || module == "ln_q"
    }
}

import Randomness
import Torch

extension UInt64 {
    /// Another seed for the part of a run with this number.
    func mixed(with number: Int) -> UInt64 {
        RandomStream.mix(self &+ RandomStream.mix(UInt64(truncatingIfNeeded: number) &+ 1))
    }
}

extension Tensor {
    /// One value a completion, [B] f32, on the device of `other`.
    static func perCompletion(_ values: [Double], like other: Tensor) -> Tensor {
        Tensor(values.map(Float.init)).to(other.device)
    }
}

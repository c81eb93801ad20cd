import Foundation
import Torch

/// How positions beyond those of pre-training are squeezed into the rotary angles.
public enum RotaryScaling: Sendable, Hashable {
    /// All positions divided by a factor.
    case linear(factor: Double)
    /// Llama 3: low frequencies divided, high ones kept, a smooth band between.
    case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, original: Int)
    /// Every frequency divided by its own factor, as GGUF files store Llama 3's.
    case factors([Float])
}

/// Rotary position embedding (arXiv:2104.09864): cosines and sines of position * frequency.
public final class RotaryEmbedding {
    private let frequencies: [Float]
    private let device: Device
    private var cosine: Tensor?
    private var sine: Tensor?

    /// - Parameters:
    ///   - size: the size of one head, d; there are d / 2 frequencies theta^(-2 i / d).
    public init(size: Int, theta: Double, scaling: RotaryScaling?, device: Device) {
        let plain = stride(from: 0, to: size, by: 2).map {
            1 / pow(Float(theta), Float($0) / Float(size))
        }
        frequencies = plain.enumerated().map { Self.scaled($1, at: $0, by: scaling) }
        self.device = device
    }

    /// Cosine and sine of the angles at `positions`, each [T, d / 2] in f32.
    public func angles(at positions: [Int]) -> (cosine: Tensor, sine: Tensor) {
        let table = table(covering: (positions.max() ?? 0) + 1)
        let index = Tensor(positions.map(Int64.init)).to(device)
        return (table.cosine.indexSelect(0, index), table.sine.indexSelect(0, index))
    }

    /// Cosine and sine of angles that mix several positions of each token: frequencies of section i
    /// turn with the positions of axis i. Each [T, sum of sections] in f32.
    ///
    /// - Parameters:
    ///   - axes: the positions [T] along each axis.
    ///   - sections: ranges of frequencies, one for each axis.
    public func angles(
        at axes: [[Int]], sections: [Range<Int>]
    ) -> (cosine: Tensor, sine: Tensor) {
        precondition(axes.count == sections.count, "\(axes.count) axes, \(sections.count) sections")
        let parts = zip(axes, sections).map { positions, section in
            let all = angles(at: positions)
            return (all.cosine.slice(1, section), all.sine.slice(1, section))
        }
        return (.cat(parts.map(\.0), dim: 1), .cat(parts.map(\.1), dim: 1))
    }

    private func table(covering count: Int) -> (cosine: Tensor, sine: Tensor) {
        if let cosine, let sine, cosine.size(0) >= count { return (cosine, sine) }
        var length = 512
        while length < count { length *= 2 }
        let positions = Tensor((0..<length).map(Float.init), shape: [length, 1])
        let angles = positions * Tensor(frequencies, shape: [1, frequencies.count])
        let tables = (angles.cos().to(device), angles.sin().to(device))
        (cosine, sine) = tables
        return tables
    }

    private static func scaled(
        _ frequency: Float, at index: Int, by scaling: RotaryScaling?
    ) -> Float {
        switch scaling {
        case nil: return frequency
        case .linear(let factor): return frequency / Float(factor)
        case .factors(let factors): return frequency / factors[index]
        case .llama3(let factor, let low, let high, let original):
            let wavelength = 2 * Double.pi / Double(frequency)
            if wavelength < Double(original) / high { return frequency }
            if wavelength > Double(original) / low { return frequency / Float(factor) }
            let smooth = (Double(original) / wavelength - low) / (high - low)
            return Float((1 - smooth) * Double(frequency) / factor + smooth * Double(frequency))
        }
    }
}

import Foundation

/// The learning rate over a run, counted in optimizer steps, as transformers defines it.
public struct Schedule: Sendable, Hashable {
    /// What follows the warm-up.
    public enum Shape: String, Sendable, Codable, CaseIterable {
        case constant, linear, cosine
    }

    public var shape: Shape
    public var peak: Double
    public var warmupSteps: Int
    public var totalSteps: Int

    public init(_ shape: Shape, peak: Double, warmupSteps: Int, totalSteps: Int) {
        self.shape = shape
        self.peak = peak
        self.warmupSteps = warmupSteps
        self.totalSteps = totalSteps
    }

    /// The rate of the step with this number, counted from 0.
    public func rate(at step: Int) -> Double {
        if step < warmupSteps { return peak * Double(step) / Double(max(1, warmupSteps)) }
        let length = Double(max(1, totalSteps - warmupSteps))
        let progress = min(1, Double(step - warmupSteps) / length)
        switch shape {
        case .constant: return peak
        case .linear: return peak * (1 - progress)
        case .cosine: return peak * 0.5 * (1 + cos(.pi * progress))
        }
    }
}

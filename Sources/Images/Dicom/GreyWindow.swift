import Foundation
import Records

/// Spreads values from black to white (PS3.3 C.11.2).
struct GreyWindow {
    /// What VOI LUT Function asks for.
    enum Shape: String {
        case linear = "LINEAR"
        case linearExact = "LINEAR_EXACT"
        case sigmoid = "SIGMOID"
    }

    var window: ImageWindow
    var shape = Shape.linear

    /// The window that shows everything from the least value to the greatest: the least is black,
    /// the greatest white.
    init(showing range: ClosedRange<Double>) {
        let width = range.upperBound - range.lowerBound
        window = ImageWindow(center: range.lowerBound + width / 2, width: width)
        shape = .linearExact
    }

    /// - Throws: `.corrupt` for a width that the shape does not allow.
    init(_ window: ImageWindow, shape: Shape) throws(ImageProblem) {
        let isSound = window.center.isFinite && window.width.isFinite
        guard isSound, shape == .linear ? window.width >= 1 : window.width > 0 else {
            throw .corrupt("a window \(window.width) wide")
        }
        (self.window, self.shape) = (window, shape)
    }

    /// From 0, black, to 255, white; in between rounded to the nearest, halves to even.
    func grey(_ value: Double) -> UInt8 {
        let (center, width) = (window.center, window.width)
        switch shape {
        case .linear:
            if value <= center - 0.5 - (width - 1) / 2 { return 0 }
            if value > center - 0.5 + (width - 1) / 2 { return 255 }
            return Self.rounded(((value - (center - 0.5)) / (width - 1) + 0.5) * 255)
        case .linearExact:
            if value <= center - width / 2 { return 0 }
            if value > center + width / 2 { return 255 }
            return Self.rounded(((value - center) / width + 0.5) * 255)
        case .sigmoid:
            return Self.rounded(255 / (1 + exp(-4 * (value - center) / width)))
        }
    }

    /// Values that are no number are black.
    private static func rounded(_ value: Double) -> UInt8 {
        value > 0 ? UInt8(min(value, 255).rounded(.toNearestOrEven)) : 0
    }
}

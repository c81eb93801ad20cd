/// How pixels between pixels are made, numbered as in Pillow and `preprocessor_config.json`.
package enum ResampleFilter: Int, Sendable, Hashable {
    case bilinear = 2
    case bicubic = 3

    /// How far a pixel reaches, in pixels of the coarser grid.
    var support: Double { self == .bilinear ? 1 : 2 }

    /// The weight at a distance; Keys' cubic with a = -1/2.
    func weight(_ distance: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .bilinear:
            return x < 1 ? 1 - x : 0
        case .bicubic:
            let a = -0.5
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
            return 0
        }
    }
}

/// Makes an 8-bit image of what an attack found, without leaving the ball.
///
/// What is evaluated is this image: the number is what a file would do, and a change that only
/// lives between two grey values does nothing.
enum PixelRounding {
    /// - Parameters:
    ///   - found: values in [0, 1].
    ///   - clean: the bytes of the original.
    ///   - epsilon: in units of pixel values from 0 to 1.
    /// - Returns: within epsilon of `clean`, in the norm: each value is rounded to the nearest;
    ///   where that leaves the ball, for the largest change to the nearest that does not, for the
    ///   length all of them towards the original.
    static func bytes(
        _ found: [Float], clean: [UInt8], epsilon: Double, _ norm: AttackNorm
    ) -> [UInt8] {
        precondition(found.count == clean.count, "\(found.count) values for \(clean.count) bytes")
        let nearest = zip(found, clean).map { value, byte in
            Int((value * 255).rounded()) - Int(byte)
        }
        switch norm {
        case .linf:
            let limit = Int(min(epsilon * 255 + 1e-6, 255))
            return moved(clean, nearest.map { min(max($0, -limit), limit) })
        case .l2:
            let squares = nearest.reduce(0) { $0 + $1 * $1 }
            let limit = epsilon * 255
            if Double(squares).squareRoot() <= limit { return moved(clean, nearest) }
            return moved(
                clean,
                zip(found, clean).map { value, byte in Int(value * 255 - Float(byte)) })
        }
    }

    private static func moved(_ clean: [UInt8], _ change: [Int]) -> [UInt8] {
        zip(clean, change).map { UInt8(clamping: Int($0) + $1) }
    }
}

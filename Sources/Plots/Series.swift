/// A named sequence of measurements, in ascending x.
public struct Series: Sendable, Hashable {
    public struct Point: Sendable, Hashable {
        public var x: Double
        public var y: Double
        /// The ends of the interval of y, drawn as a bar; nil for none.
        public var lower: Double?
        public var upper: Double?

        public init(x: Double, y: Double, lower: Double? = nil, upper: Double? = nil) {
            (self.x, self.y) = (x, y)
            (self.lower, self.upper) = (lower, upper)
        }

        /// Its y and the finite ends of its interval.
        var heights: [Double] { [y] + [lower, upper].compactMap(\.self).filter(\.isFinite) }

        var isFinite: Bool { x.isFinite && y.isFinite }
    }

    public var name: String
    public var points: [Point]
    /// Draws a smoothed line over a faint one of what was measured: the weight of the past, in
    /// [0, 1), of an exponential moving average.
    public var smoothing: Double?

    /// A point that is not finite interrupts the line.
    public init(name: String, points: [Point], smoothing: Double? = nil) {
        self.name = name
        self.points = points
        self.smoothing = smoothing
    }

    /// Runs of consecutive finite points.
    var runs: [[Point]] {
        points.split { !$0.isFinite }.map(Array.init)
    }

    /// The average of each finite point and those before it, corrected for starting at zero as in
    /// Adam (Kingma and Ba, 2015), so that the first points are not pulled down.
    func smoothed(weight: Double) -> Series {
        var average = 0.0
        var total = 0.0
        var result = self
        for index in points.indices where points[index].isFinite {
            average = weight * average + (1 - weight) * points[index].y
            total = weight * total + (1 - weight)
            result.points[index].y = average / total
        }
        return result
    }
}

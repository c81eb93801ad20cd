import Tracking

/// What a run raised: each is printed when it is first met, and counted.
struct Alarms {
    var progress: ProgressLine
    private(set) var counts: [String: Int] = [:]

    init(progress: ProgressLine) { self.progress = progress }

    mutating func add(_ alarms: [String], at step: Int) {
        for alarm in alarms {
            if counts[alarm] == nil { progress.print("step \(step)  warning: \(alarm)") }
            counts[alarm, default: 0] += 1
        }
    }
}

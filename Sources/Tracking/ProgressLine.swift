/// Live progress on standard error.
///
/// In a terminal it is one line that is rewritten, at most ten times a second, and fits the width
/// the window has at that moment. Elsewhere it is a plain line every ten seconds. The first and
/// the last step always show.
public struct ProgressLine {
    enum Mode {
        case live(columns: () -> Int, colour: Bool)
        case plain
    }

    private let mode: Mode
    private let output: (String) -> Void
    private let started: ContinuousClock.Instant
    private let startStep: Int
    private var shown: ContinuousClock.Instant?
    private var state: ProgressState?

    /// - Parameter startStep: The steps that were done before, on a resumption; the time left is
    ///   reckoned from the later ones.
    public init(startStep: Int = 0) {
        let live = Mode.live(columns: { Terminal.columns }, colour: Terminal.hasColour)
        self.init(
            startStep: startStep,
            mode: Terminal.isInteractive ? live : .plain,
            started: .now,
            output: Terminal.write
        )
    }

    init(
        startStep: Int,
        mode: Mode,
        started: ContinuousClock.Instant,
        output: @escaping (String) -> Void
    ) {
        self.mode = mode
        self.output = output
        self.started = started
        self.startStep = startStep
    }

    /// Shows a state, unless one was shown just before.
    public mutating func update(_ state: ProgressState) {
        update(state, at: .now)
    }

    mutating func update(_ state: ProgressState, at now: ContinuousClock.Instant) {
        self.state = state
        let pause: Duration =
            switch mode {
            case .live: .milliseconds(100)
            case .plain: .seconds(10)
            }
        if let shown, now - shown < pause, state.step < state.total { return }
        shown = now
        show(state, at: now)
    }

    /// Prints a line of its own, which a live line gives way to and then follows.
    public func print(_ text: String) {
        guard case .live = mode, let state, let shown else { return output("\(text)\n") }
        output("\r\u{1B}[K\(text)\n")
        show(state, at: shown)
    }

    /// Leaves the last state standing and moves to the next line.
    public mutating func finish() {
        guard let state else { return }
        if case .live = mode {
            show(state, at: shown ?? started)
            output("\n")
        }
        self.state = nil
    }

    private func show(_ state: ProgressState, at now: ContinuousClock.Instant) {
        let left = secondsLeft(of: state, at: now)
        switch mode {
        case .live(let columns, let colour):
            // A character in the last column would move some terminals to the next line.
            let line = state.line(width: columns() - 1, secondsLeft: left, colour: colour)
            output("\r\(line)\u{1B}[K")
        case .plain:
            output(state.plainLine(secondsLeft: left) + "\n")
        }
    }

    private func secondsLeft(
        of state: ProgressState,
        at now: ContinuousClock.Instant
    ) -> Double? {
        guard state.step > startStep, state.step < state.total else { return nil }
        let rate = (now - started) / .seconds(1) / Double(state.step - startStep)
        return rate * Double(state.total - state.step)
    }
}

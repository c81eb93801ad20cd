import Testing

@testable import Tracking

private let full = "250/1000  loss 1.235  1,550 tokens/s  2.1 GB  12 min 05 s left"

struct ProgressTests {
    private let state = ProgressState(
        step: 250,
        total: 1000,
        loss: 1.23456,
        tokensPerSecond: 1550.4,
        memoryBytes: 2_140_000_000
    )

    @Test(arguments: [
        (120, "━━━━━━━━────────────────────────  " + full),
        (80, "━━━━────────────  " + full),
        (71, full),
        (40, "250/1000  loss 1.235  12 min 05 s left"),
        (20, "250/1000  loss 1.235"),
        (19, "250/1000"),
        (5, "250/…"),
        (0, ""),
    ])
    func fitsTheWidth(width: Int, expected: String) {
        #expect(state.line(width: width, secondsLeft: 725, colour: false) == expected)
    }

    @Test func neverExceedsAnyWidth() {
        let odd = ProgressState(step: 5, total: 0, loss: .nan, tokensPerSecond: .infinity)
        for width in 0...200 {
            for state in [state, odd] {
                let line = state.line(width: width, secondsLeft: .infinity, colour: false)
                #expect(line.count <= width)
            }
        }
    }

    @Test func coloursAddNoWidth() {
        let plain = state.line(width: 80, secondsLeft: 725, colour: false)
        let coloured = state.line(width: 80, secondsLeft: 725, colour: true)
        #expect(coloured.contains("\u{1B}[36m") && !plain.contains("\u{1B}"))
        #expect(coloured.replacing(#/\x{1B}\[\d+m/#, with: "") == plain)
    }

    @Test func durationsAndNumbersReadWell() {
        let cases: [(Double, String)] = [
            (4.4, "4 s left"), (60, "1 min 00 s left"), (11_100, "3 h 05 min left"),
            (187_200, "2 d 4 h left"), (.infinity, "– left"),
        ]
        for (seconds, expected) in cases {
            let line = state.plainLine(secondsLeft: seconds)
            #expect(line.hasSuffix("  \(expected)"))
        }
        let fast = ProgressState(step: 1, total: 2, tokensPerSecond: 1_234_567)
        #expect(fast.plainLine(secondsLeft: nil) == "1/2  1,234,567 tokens/s")
    }

    @Test func plainLinesComeFirstLastAndEveryTenSeconds() {
        let printed = record(.plain) { line, start in
            for step in 1...40 {
                let state = ProgressState(step: step, total: 40)
                line.update(state, at: start + .seconds(step))
            }
        }
        // One second a step: 39 left after the first, 29 after the eleventh.
        let expected = [
            "1/40  39 s left\n", "11/40  29 s left\n", "21/40  19 s left\n", "31/40  9 s left\n",
            "40/40\n",
        ]
        #expect(printed == expected)
    }

    @Test func liveLinesAreRewrittenWithoutTheLastColumn() {
        let printed = record(.live(columns: { 9 }, colour: false)) { line, start in
            line.update(ProgressState(step: 11, total: 20), at: start + .seconds(1))
            line.update(ProgressState(step: 12, total: 20), at: start + .milliseconds(1050))
            line.print("checkpoint written")
            line.finish()
            line.finish()
        }
        let clear = "\u{1B}[K"
        let expected = [
            "\r11/20\(clear)", "\r\(clear)checkpoint written\n", "\r12/20\(clear)",
            "\r12/20\(clear)", "\n",
        ]
        #expect(printed == expected)
    }

    // Ten steps were done before the start; five since then took 10 s: 2 s a step, 5 to go.
    @Test func timeLeftDoesNotCountStepsBeforeAResumption() {
        let printed = record(.plain, startStep: 10) { line, start in
            line.update(ProgressState(step: 15, total: 20), at: start + .seconds(10))
        }
        #expect(printed == ["15/20  10 s left\n"])
    }

    private func record(
        _ mode: ProgressLine.Mode,
        startStep: Int = 0,
        _ body: (inout ProgressLine, ContinuousClock.Instant) -> Void
    ) -> [String] {
        let printed = Printed()
        let start = ContinuousClock.now
        var line = ProgressLine(startStep: startStep, mode: mode, started: start) {
            printed.pieces.append($0)
        }
        body(&line, start)
        return printed.pieces
    }

    private final class Printed {
        var pieces: [String] = []
    }
}

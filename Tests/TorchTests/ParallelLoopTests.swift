import KernelTestSupport
import Testing
import TorchTestSupport

/// Loops over the engine's threads.
struct ParallelLoopTests {
    init() { startEngine() }

    private func loop(_ count: Int, failing: Int = -1) -> (calls: [Int32], error: String) {
        var calls = [Int32](repeating: 0, count: count)
        let error = String(cString: kt_loop(Int64(count), Int64(failing), &calls))
        return (calls, error)
    }

    @Test(arguments: [0, 1, 2, 3, 64, 1000]) func everyIndexOnce(count: Int) {
        for _ in 0..<50 {
            let (calls, error) = loop(count)
            #expect(calls.allSatisfy { $0 == 1 })
            #expect(error.isEmpty)
        }
    }

    /// As an error of any other operator, with the threads usable afterwards.
    @Test func whatABodyThrowsIsThrown() {
        for index in [0, 7, 99] {
            let (calls, error) = loop(100, failing: index)
            #expect(error == "index \(index)")
            #expect(calls.allSatisfy { $0 <= 1 })
            #expect(loop(100).calls.allSatisfy { $0 == 1 })
        }
    }

    @Test func loopsWithinLoops() {
        #expect(kt_nested_loops(40) == Int64((0..<40).reduce(0, +) * (0..<40).reduce(0, +)))
    }

    /// Several threads of the program at once: one has the team, the others go on alone.
    @Test func callersAtTheSameTime() async {
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<200).allSatisfy { _ in self.loop(37).calls.allSatisfy { $0 == 1 } }
                }
            }
            for await good in group { #expect(good) }
        }
    }
}

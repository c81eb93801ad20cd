import Foundation
import Records
import Rewards
import Testing

struct MonitorTests {
    private struct Fixed: Reward {
        let name: String
        let values: [Double?]
        func scores(of inputs: [RewardInput]) -> [Double?] { values }
    }

    @Test func panelKeepsColumnsApart() throws {
        let panel = RewardPanel([(Fixed(name: "a", values: [1, nil]), 2), (IntegerReward(), 0.5)])
        let scores = try panel.scores(of: [input("7"), input("x")])
        #expect(panel.names == ["a", "integer"])
        #expect(
            scores
                == RewardScores(
                    names: ["a", "integer"], weights: [2, 0.5], columns: [[1, nil], [1, 0]]))
    }

    @Test func panelRefusesWhatIsNoScore() throws {
        let short = RewardPanel([(Fixed(name: "a", values: [1]), 1)])
        #expect(throws: RewardError(reward: "a", reason: "gave 1 scores for 2 completions")) {
            try short.scores(of: [input("x"), input("y")])
        }
        let nan = RewardPanel([(Fixed(name: "a", values: [1, .nan]), 1)])
        let error = #expect(throws: RewardError.self) {
            try nan.scores(of: [input("x"), input("y", id: "r9")])
        }
        #expect(error?.description.contains("1 (id r9)") == true)
    }

    @Test func errorsNameAFewRows() {
        let inputs = (0..<12).map { input("text", id: $0 == 0 ? nil : "r\($0)") }
        let error = RewardError(reward: "a", reason: "no", indices: 0..<12, of: inputs)
        #expect(
            error.description
                == "reward 'a': no; rows of the batch without a score: 0, 1 (id r1), 2 (id r2), "
                + "3 (id r3), 4 (id r4), 5 (id r5), 6 (id r6), 7 (id r7) and 4 more")
    }

    /// Groups of two; judged after three groups, which come in batches of two groups.
    private func alarms(_ batches: [[Double?]]) -> [RewardAlarm] {
        var monitor = RewardMonitor(names: ["a"], groupSize: 2, watchedGroups: 3)
        return batches.flatMap {
            monitor.record(RewardScores(names: ["a"], weights: [1], columns: [$0]))
        }
    }

    @Test func alarmsOfRewardsThatTeachNothing() {
        let problem = { (batches: [[Double?]]) in alarms(batches).map(\.problem) }
        #expect(problem([[0, 0, 0, 0], [0, 0, 0, 0]]) == [.constant(0)])
        #expect(problem([[0.5, 0.5, nil, 0.5], [0.5, 0.5]]) == [.constant(0.5)])
        #expect(problem([[nil, nil, nil, nil], [nil, nil]]) == [.neverApplied])
        #expect(problem([[1, 1, 0, 0], [1, 1, 0, 1]]) == [.noSpread])
        #expect(problem([[0, 0, 0, 1], [0, 0]]) == [])
        // Judged once, and not before the groups are there.
        #expect(problem([[0, 0, 0, 0]]) == [])
        #expect(problem([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]).count == 1)
    }

    @Test func alarmsSayWhatToLookAt() {
        #expect(
            alarms([[0, 0, 0, 0, 0, 0]]).map(\.description) == [
                "reward 'a' was 0 for every completion of the first 3 groups: nothing is learnt "
                    + "from it"
            ])
    }

    @Test func countsForTheSummary() throws {
        var monitor = RewardMonitor(names: ["a", "b", "c"], groupSize: 2)
        // a: 6 completions, 1 missing, scores 0 0 0 2 -1, the first not 0 in the second group.
        _ = monitor.record(
            RewardScores(
                names: ["a", "b", "c"], weights: [1, 1, 1],
                columns: [[0, 0, 0, 2], [nil, nil, nil, nil], [1, 1, 1, 1]]))
        // Saved and read in between: nothing changes.
        monitor = try JSONDecoder().decode(
            RewardMonitor.self, from: JSONEncoder().encode(monitor))
        _ = monitor.record(
            RewardScores(
                names: ["a", "b", "c"], weights: [1, 1, 1],
                columns: [[nil, -1], [nil, nil], [1, 1]]
            ))
        let tally = monitor.tallies[0]
        #expect((tally.count, tally.missing, tally.nonZero) == (6, 1, 2))
        #expect((tally.firstFired, tally.groupsWithSpread) == (2, 1))
        #expect(tally.mean == 0.2)
        #expect(
            monitor.summary == [
                "a: not 0 for 2 of 6 completions, first in group 2; did not apply to 1; "
                    + "mean 0.2, -1 to 2",
                "b: applied to none of 6 completions",
                "c: not 0 for 6 of 6 completions, first in group 1; mean 1, 1 to 1",
            ])
    }
}

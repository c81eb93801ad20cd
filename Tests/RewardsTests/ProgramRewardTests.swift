import Foundation
import Records
import Rewards
import TestSupport
import Testing

/// Programs are small shell scripts: nothing else is sure to be there.
struct ProgramRewardTests {
    /// A reward by a shell script, with `$state` a file of its own.
    private func reward(
        _ script: String, timeout: Double = 20, restarts: Int = 2, stderr: URL? = nil
    ) throws -> ProgramReward {
        let folder = try TestFiles.scratchFolder()
        let file = folder.appending(path: "judge.sh")
        let head = "state=\(folder.path)/state\n"
        try (head + script).write(to: file, atomically: true, encoding: .utf8)
        var settings = ProgramReward.Settings(command: ["sh", file.path])
        settings.timeout = timeout
        settings.maxRestarts = restarts
        settings.stderrFile = stderr?.path
        return ProgramReward(name: "judge", settings: settings)
    }

    private func rows(_ count: Int) -> [RewardInput] {
        (0..<count).map { input("secret text \($0)", ["n": .integer($0)], id: "q\($0)") }
    }

    /// Answers with the column `n`, and null for 2.
    private static let good = """
        while read -r line; do
          n=${line##*\\"n\\":}; n=${n%%[,\\}]*}
          if [ "$n" = 2 ]; then echo null; else echo "$n.5"; fi
        done
        """

    @Test func numbersInOrderAndNull() throws {
        let reward = try reward(Self.good)
        #expect(try reward.scores(of: rows(4)) == [0.5, 1.5, nil, 3.5])
        #expect(try reward.scores(of: rows(1)) == [0.5])
        #expect(try reward.scores(of: []) == [])
        #expect(reward.restarts == 0)
    }

    @Test func readsTheWholeRecord() throws {
        let folder = try TestFiles.scratchFolder()
        let copy = folder.appending(path: "line.json")
        let reward = try reward("read -r line; printf '%s' \"$line\" > \(copy.path); echo 1")
        let row = RewardInput(
            id: "a/1", prompt: .text("why?\n"), completion: "line\none \u{E9}",
            completionTokens: 7, isTruncated: true,
            columns: ["answer": .string("C"), "completion": .string("not this")])
        #expect(try reward.scores(of: [row]) == [1])
        let line = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: copy))
        #expect(
            line
                == .object([
                    "id": .string("a/1"), "prompt": .string("why?\n"), "answer": .string("C"),
                    "completion": .string("line\none \u{E9}"), "completion_tokens": .integer(7),
                    "truncated": .bool(true),
                ]))
    }

    /// 64 rows of 100 KB: far more than pipes hold, and the program answers with long lines too.
    @Test func largeLinesDoNotBlock() throws {
        let reward = try reward("while read -r line; do printf '%060000d\\n' ${#line}; done")
        let text = String(repeating: "x", count: 100_000)
        let scores = try reward.scores(of: (0..<64).map { _ in input(text) })
        #expect(scores.count == 64)
        // The text and the columns around it.
        #expect(scores.allSatisfy { ($0 ?? 0) > 100_000 && ($0 ?? 0) < 100_200 })
    }

    /// It reads all it is given before it answers at all.
    @Test func readingAheadDoesNotBlock() throws {
        let reward = try reward(
            "i=0; while read -r line; do i=$((i+1)); "
                + "if [ $i = 50 ]; then for k in $(seq 50); do echo $k; done; fi; done")
        let text = String(repeating: "x", count: 20_000)
        let scores = try reward.scores(of: (0..<50).map { _ in input(text) })
        #expect(scores == (1...50).map { Double($0) })
    }

    @Test func aCrashIsRestartedAndGoesOnWhereItStopped() throws {
        // The first life answers two rows and dies of a signal; the second answers 7.
        let reward = try reward(
            """
            if [ -e $state ]; then while read -r line; do echo 7; done; fi
            touch $state; read -r a; echo 1; read -r b; echo 2; kill -9 $$
            """)
        #expect(try reward.scores(of: rows(4)) == [1, 2, 7, 7])
        #expect(reward.restarts == 1)
        #expect(try reward.scores(of: rows(2)) == [7, 7])
    }

    @Test func crashesHaveALimitAndNameTheRows() throws {
        let reward = try reward("echo x >> $state; read -r a; echo 1; read -r b; exit 3")
        // Each life answers one row: three lives for four rows.
        let error = #expect(throws: RewardError.self) { try reward.scores(of: rows(4)) }
        #expect(error?.rows.map(\.description) == ["3 (id q3)"])
        let text = error?.description ?? ""
        #expect(text.contains("'judge'") && text.contains("status 3") && text.contains("3 (id q3)"))
        #expect(!text.contains("secret"))
        #expect(reward.restarts == 2)
    }

    @Test func aSlowProgramIsStopped() throws {
        let reward = try reward("read -r a; echo 1; read -r b; sleep 60", timeout: 0.3, restarts: 0)
        let start = ContinuousClock.now
        let error = #expect(throws: RewardError.self) { try reward.scores(of: rows(3)) }
        #expect(ContinuousClock.now - start < .seconds(15))
        #expect(error?.rows.map(\.index) == [1, 2])
        #expect(error?.description.contains("within 0.3 s") == true)
    }

    @Test func theTimeLimitIsForOneAnswer() throws {
        // Four answers of 0.2 s each, one second at most for each.
        let reward = try reward("while read -r a; do sleep 0.2; echo 1; done", timeout: 1)
        #expect(try reward.scores(of: rows(8)).count == 8)
        #expect(reward.restarts == 0)
    }

    @Test(arguments: [
        "good", "nan", "inf", "1 2", "0x10", "", "true", "\"1\"", "None", "1.0e999",
    ])
    func whatIsNoNumberIsAnErrorAtOnce(_ answer: String) throws {
        let reward = try reward("read -r a; echo 1; read -r b; echo '\(answer)'; cat > /dev/null")
        let error = #expect(throws: RewardError.self) { try reward.scores(of: rows(2)) }
        #expect(error?.rows.map(\.description) == ["1 (id q1)"])
        #expect(error?.reason.contains("neither a number nor null") == true)
        #expect(reward.restarts == 0)
    }

    @Test func moreLinesThanRows() throws {
        let reward = try reward("while read -r a; do printf '1\\n2\\n'; done")
        // Six lines for three rows; rows cannot be told apart, so none has a score.
        let error = #expect(throws: RewardError.self) {
            for _ in 0..<50 { _ = try reward.scores(of: rows(3)) }
        }
        #expect(error?.rows.count == 3)
        #expect(error?.reason.contains("more lines") == true)
    }

    @Test func fewerLinesThanRows() throws {
        let reward = try reward(
            "while read -r a; do read -r b; echo 1; done", timeout: 0.3, restarts: 0)
        let error = #expect(throws: RewardError.self) { try reward.scores(of: rows(4)) }
        #expect(error?.rows.map(\.index) == [2, 3])
    }

    @Test func anEndlessLineIsRefused() throws {
        let reward = try reward("read -r a; while :; do printf '%01000d' 0; done")
        let error = #expect(throws: RewardError.self) { try reward.scores(of: rows(1)) }
        #expect(error?.reason.contains("no line end") == true)
    }

    @Test func aMissingProgramIsNamedAsSuch() throws {
        let settings = ProgramReward.Settings(command: ["no-such-program-here"])
        let error = #expect(throws: RewardError.self) {
            try ProgramReward(settings: settings).scores(of: rows(1))
        }
        #expect(error?.reason.contains("was not found") == true)
    }

    @Test func itMayEndAfterItsLastAnswer() throws {
        let reward = try reward("read -r a; read -r b; echo 1; echo 2")
        #expect(try reward.scores(of: rows(2)) == [1, 2])
        #expect(try reward.scores(of: rows(2)) == [1, 2])
    }

    @Test func standardErrorGoesToTheFileOnly() throws {
        let file = try TestFiles.scratchFolder().appending(path: "stderr.txt")
        let script = "read -r a; echo \"$a\" >&2; exit 1"
        let error = #expect(throws: RewardError.self) {
            try reward(script, restarts: 0, stderr: file).scores(of: rows(1))
        }
        #expect(error?.reason.contains(file.path) == true)
        #expect(error?.description.contains("secret") == false)
        #expect(try String(contentsOf: file, encoding: .utf8).contains("secret text 0"))
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    /// A program that ignores the end of its input, with a child of its own: both are gone once
    /// the reward is, and neither is left as a zombie.
    @Test func nothingStaysBehind() throws {
        let script = "sleep 300 & echo $! > $state; read -r a; echo $$; while :; do sleep 1; done"
        let folder = try TestFiles.scratchFolder()
        let state = folder.appending(path: "state")
        var live: ProgramReward? = try reward("state=\(state.path)\n" + script)
        let own = try #require(try live?.scores(of: rows(1)).first ?? nil)
        let other = try #require(Int(String(contentsOf: state, encoding: .utf8).dropLast()))
        let processes = [Int32(own), Int32(other)]
        #expect(processes.allSatisfy { kill($0, 0) == 0 })
        live = nil
        // The grandchild is collected by init, in its own time.
        let deadline = ContinuousClock.now + .seconds(10)
        while processes.contains(where: isAlive), .now < deadline { usleep(10_000) }
        #expect(!processes.contains(where: isAlive))
        #expect(kill(processes[0], 0) != 0, "not collected")
    }

    private func isAlive(_ process: Int32) -> Bool {
        guard kill(process, 0) == 0 else { return false }
        let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return status?.split(separator: ")").last?.hasPrefix(" Z") != true
    }
}

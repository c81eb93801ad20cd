import Feedback
import Foundation
import Processes
import Records
import TestSupport
import Testing

@testable import Workbench

struct UpdateServiceTests {
    private let bench: ServiceStore
    private let folder: URL
    private var store: FeedbackStore { bench.store }

    init() async throws {
        bench = try await ServiceStore()
        folder = try TestFiles.scratchFolder()
    }

    /// A training that measures three steps and leaves an adapter: arguments are
    /// `method recipe.yaml --output_dir run`.
    private static let good = """
        \(FakeProgram.here)
        echo "$1" > "$HERE/method"
        cp "$2" "$HERE/recipe.yaml"
        nice > "$HERE/nice"
        mkdir -p "$4/adapter"
        for step in 1 2 3; do
            echo "{\\"step\\":$step,\\"epoch\\":0.5,\\"time\\":1.5,\\"loss\\":0.$step,\\"eval_accuracy\\":0.75}" \
                >> "$4/metrics.jsonl"
        done
        echo '{}' > "$4/adapter/adapter_config.json"
        """

    /// An engine under which the first answer of `ServiceStore.addPair` is the more probable one
    /// for the adapter of a job, the less probable one for the base model, or the reverse.
    private static func engine(improving: Bool) -> ScriptedEngine {
        ScriptedEngine { operation in
            switch operation {
            case .score(let score):
                let prefersGood = (score.adapter != nil) == improving
                let rows = score.items.map { item in
                    item.completions.map { ($0 == "a good answer") == prefersGood ? -1.0 : -9.0 }
                }
                let tokens = rows.map { $0.map { _ in 3 } }
                return [.scores(EngineScores(logProbabilities: rows, tokens: tokens)), .done]
            case .sample(let sample):
                let isRight = (sample.adapter != nil) == improving
                return ScriptedEngine.reply(isRight ? "Answer: B" : "Answer: A")
            default: throw EngineError.refused(message: "nothing else is asked here")
            }
        }
    }

    /// This process's own.
    private static func niceness() async throws -> Int {
        let heard = Heard()
        _ = try await ChildProgram(program: "/usr/bin/nice", arguments: []).run(
            output: { await heard.add($0) })
        return try #require(await heard.words.first.flatMap { Int($0) })
    }

    private func service(
        _ program: FakeProgram, improving: Bool = true, threshold: Int = 20,
        automatic: Bool = false
    ) -> UpdateService {
        var settings = UpdateSettings(program: program.path, model: "tiny", folder: folder)
        settings.pollInterval = .milliseconds(20)
        settings.grace = .milliseconds(300)
        settings.retrainThreshold = threshold
        settings.automatic = automatic
        return UpdateService(
            store: store, engine: Self.engine(improving: improving), settings: settings)
    }

    private func addPairs(training: Int = 2, heldOut: Int = 1) async throws {
        for _ in 0..<training { try await bench.addPair() }
        for _ in 0..<heldOut { try await bench.addPair(heldOut: true) }
    }

    private func end(_ job: TrainingJob, _ service: UpdateService) async throws -> TrainingJob {
        for await _ in try await service.events(job.id) {}
        return try await store.jobs.find(job.id)
    }

    @Test func aBetterVersionBecomesCurrent() async throws {
        try await addPairs()
        let program = try FakeProgram(Self.good)
        let service = service(program)
        let job = try await service.update(.dpo, by: bench.expert)
        #expect(job.state == .preparing)
        let ended = try await end(job, service)
        #expect(ended.state == .finished)
        #expect(ended.error == nil)
        #expect(ended.step == 3)
        #expect(ended.steps == 8)
        let version = try await store.versions.current()
        #expect(version.id == ended.versionID)
        #expect(version.name == "iter_1")
        #expect(version.parentID == 1)
        #expect(version.adapter == ended.folder + "/run/adapter")
        // One held-out pair and one held-out case, wrong before and right after.
        for name in ["preferenceAccuracy", "caseAccuracy"] {
            let change = try #require(version.metrics[name])
            #expect(change["before"]?.number == 0)
            #expect(change["after"]?.number == 1)
            #expect(change["n"]?.integer == 1)
        }
        #expect(program.text("method") == "dpo\n")
        #expect(program.text("nice") == "\(min(19, try await Self.niceness() + 15))\n")
        #expect(program.text("recipe.yaml") == version.recipe)
        let dataset = try await store.datasets.find(try #require(version.datasetID))
        #expect(dataset.count == 2)
        let data = try String(contentsOfFile: ended.folder + "/train.jsonl", encoding: .utf8)
        #expect(data.split(separator: "\n").count == 2)
        #expect(
            try await service.curves(job.id)["loss"] == [[1, 0.1], [2, 0.2], [3, 0.3]])
    }

    @Test func aWorseVersionIsHeldBack() async throws {
        try await addPairs()
        let service = service(try FakeProgram(Self.good), improving: false)
        let ended = try await end(try await service.update(.dpo, by: nil), service)
        #expect(ended.state == .finished)
        #expect(try await store.versions.current().id == 1)
        let version = try await store.versions.find(try #require(ended.versionID))
        #expect(version.state == .candidate)
        #expect(version.metrics["preferenceAccuracy"]?["after"]?.number == 0)
    }

    @Test func aVersionThatNothingMeasuredIsHeldBack() async throws {
        try await addPairs(heldOut: 0)
        let service = service(try FakeProgram(Self.good))
        let ended = try await end(try await service.update(.dpo, by: nil), service)
        let version = try await store.versions.find(try #require(ended.versionID))
        #expect(version.state == .candidate)
        #expect(version.metrics["caseAccuracy"]?["after"] == .null)
        #expect(version.metrics["caseAccuracy"]?["n"]?.integer == 0)
    }

    @Test func theNextTrainingGoesOnFromTheCurrentAdapter() async throws {
        try await addPairs()
        let program = try FakeProgram(Self.good)
        let service = service(program)
        let first = try await end(try await service.update(.dpo, by: nil), service)
        let second = try await end(try await service.update(.kto, by: nil), service)
        #expect(second.state == .finished)
        let version = try await store.versions.find(try #require(second.versionID))
        #expect(version.parentID == first.versionID)
        #expect(
            program.text("recipe.yaml")?.contains("adapter: \"\(first.folder)/run/adapter\"\n")
                == true)
        #expect(program.text("method") == "kto\n")
    }

    @Test func eventsTellMetricsAndStates() async throws {
        try await addPairs()
        // Waits for a file, so that who looks on misses nothing.
        let program = try FakeProgram(
            """
            \(FakeProgram.here)
            while [ ! -e "$HERE/go" ]; do sleep 0.02; done
            """ + "\n" + Self.good)
        let service = service(program)
        let job = try await service.update(.dpo, by: nil)
        let stream = try await service.events(job.id)
        try "".write(
            to: program.folder.appending(path: "go"), atomically: true, encoding: .utf8)
        var steps: [Int] = []
        var states: [TrainingJob.State] = []
        for await event in stream {
            switch event {
            case .metrics(let row): steps.append(row.step)
            case .state(let job): states.append(job.state)
            }
        }
        #expect(steps == [1, 2, 3])
        #expect(states.last == .finished)
        #expect(states.suffix(2) == [.evaluating, .finished])
        #expect(try await service.curves(job.id)["eval_accuracy"]?.count == 3)
    }

    @Test func aFailedTrainingSaysWhyAndTheServerGoesOn() async throws {
        try await addPairs()
        let service = service(
            try FakeProgram("echo 'step 1' >&2; echo 'error: out of memory' >&2; exit 4"))
        let ended = try await end(try await service.update(.dpo, by: nil), service)
        #expect(ended.state == .failed)
        #expect(
            ended.error == "training ended with status 4: step 1\nerror: out of memory")
        let version = try await store.versions.find(try #require(ended.versionID))
        #expect(version.state == .failed)
        #expect(try await store.versions.current().id == 1)
        let again = try await end(try await service.update(.dpo, by: nil), service)
        #expect(again.state == .failed)
        #expect(again.id == ended.id + 1)
    }

    @Test func aCrashedTrainingNamesTheSignal() async throws {
        try await addPairs()
        let service = service(try FakeProgram("kill -SEGV $$"))
        let ended = try await end(try await service.update(.dpo, by: nil), service)
        #expect(ended.state == .failed)
        #expect(ended.error == "training was ended by signal 11")
    }

    @Test func aTrainingWithoutAnAdapterHasFailed() async throws {
        try await addPairs()
        let program = try FakeProgram(
            """
            mkdir -p "$4"
            echo 'not json' > "$4/metrics.jsonl"
            head -c 100000 /dev/urandom
            """)
        let service = service(program)
        let job = try await end(try await service.update(.dpo, by: nil), service)
        #expect(job.state == .failed)
        #expect(job.error == "training ended without an adapter")
    }

    @Test func aProgramThatIsNotThereFailsTheJob() async throws {
        try await addPairs()
        var settings = UpdateSettings(
            program: "/nonexistent/program", model: "tiny", folder: folder)
        settings.niceness = 0
        let service = UpdateService(
            store: store, engine: Self.engine(improving: true), settings: settings)
        let ended = try await end(try await service.update(.dpo, by: nil), service)
        #expect(ended.state == .failed)
        #expect(ended.error?.contains("/nonexistent/program") == true)
    }

    @Test(arguments: ["", "trap '' TERM"])
    func aTrainingIsStoppedWhetherItListensOrNot(_ trap: String) async throws {
        try await addPairs()
        let program = try FakeProgram(
            """
            \(FakeProgram.here)
            \(trap)
            echo $$ > "$HERE/pid"
            while true; do sleep 0.05; done
            """)
        let service = service(program)
        let job = try await service.update(.dpo, by: nil)
        #expect(await eventually { program.text("pid")?.hasSuffix("\n") == true })
        await #expect(throws: ServiceError.self) { try await service.update(.dpo, by: nil) }
        let stream = try await service.events(job.id)
        try await service.stop(job.id, by: bench.expert)
        for await _ in stream {}
        let ended = try await store.jobs.find(job.id)
        #expect(ended.state == .stopped)
        let version = try await store.versions.find(try #require(ended.versionID))
        #expect(version.state == .failed)
        let text = try #require(program.text("pid")).trimmingCharacters(in: .newlines)
        let process = try #require(Int32(text))
        #expect(kill(process, 0) == -1)
        await #expect(throws: ServiceError.conflict("job \(job.id) is not running")) {
            try await service.stop(job.id, by: nil)
        }
    }

    @Test func shutdownStopsTheTraining() async throws {
        try await addPairs()
        let program = try FakeProgram("while true; do sleep 0.05; done")
        let service = service(program)
        let job = try await service.update(.dpo, by: nil)
        await service.shutdown()
        let ended = try await store.jobs.find(job.id)
        #expect(ended.state == .stopped)
        #expect(ended.error == "the server was shut down")
        await #expect(throws: ServiceError.self) { try await service.update(.dpo, by: nil) }
    }

    @Test func tooFewJudgementsAreRefusedBeforeAJobIsMade() async throws {
        try await addPairs(training: 1)
        let service = service(try FakeProgram(Self.good))
        for method in UpdateMethod.allCases where method != .kto {
            await #expect(throws: ServiceError.self) {
                try await service.update(method, by: nil)
            }
        }
        #expect(try await store.jobs.all().isEmpty)
    }
}

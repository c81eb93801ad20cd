import Foundation
import Records
import Testing

@testable import Workbench

struct EngineClientTests {
    private static func client(
        _ program: FakeProgram, patience: Duration = .seconds(20), requestsAtOnce: Int = 16
    ) async -> EngineClient {
        var settings = EngineSettings(program: program.path, arguments: ["engine"])
        settings.restartDelay = .milliseconds(10)
        settings.patience = patience
        settings.grace = .seconds(2)
        settings.requestsAtOnce = requestsAtOnce
        let client = EngineClient(settings)
        await client.start()
        return client
    }

    private static func request(_ text: String) -> EngineSample {
        EngineSample(adapter: nil, prompt: [Message(role: "user", content: text)])
    }

    private static func error(
        of text: String, from client: EngineClient
    ) async -> EngineError? {
        await error(of: request(text), from: client)
    }

    private static func error(
        of request: EngineSample, from client: EngineClient
    ) async -> EngineError? {
        do throws(EngineError) {
            _ = try await client.sample(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func tokensComeInOrderAndOthersAreNobodys() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program)
        let heard = Heard()
        let completions = try await client.sample(Self.request("hello")) { index, text in
            await heard.add("\(index)\(text)")
        }
        #expect(await heard.words == ["0A", "0B"])
        #expect(
            completions == [
                EngineCompletion(
                    index: 0, text: "AB", finish: .stop, tokens: 2, logProbability: -1.5)
            ])
        #expect(await client.state == .ready(model: "fake"))
        await client.shutdown()
    }

    /// Whether it reads images the process says itself; what has some is not sent to one of text.
    @Test(arguments: [true, false])
    func imagesGoToAModelThatReadsThem(readsImages: Bool) async throws {
        let program = try FakeProgram.engine(readsImages: readsImages)
        let client = await Self.client(program)
        var seen = Self.request("look")
        seen.images = [ImageReference(path: "/folder/scan.png")]
        let error = await Self.error(of: seen, from: client)
        #expect(error == (readsImages ? nil : .readsNoImages))
        // Those that wait are none the worse for it.
        #expect(await Self.error(of: "hello", from: client) == nil)
        #expect(program.text("lines")?.contains("scan.png") == readsImages)
        await client.shutdown()
    }

    @Test func aCrashFailsOnlyWhatIsAtWork() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program)
        async let crashed = Self.error(of: "crash", from: client)
        #expect(await eventually { program.text("lines")?.contains("crash") == true })
        // Sent to the process that is about to end or to the next: either way it is answered.
        let completion = try await client.sample(Self.request("hello"))
        #expect(await crashed == .ended(reason: "ended with status 3: bad luck"))
        #expect(completion.count == 1)
        // Once more where both were at work: which of them it was shows when each is alone.
        #expect([2, 3].contains(program.starts.count))
        await client.shutdown()
    }

    /// One is being computed for ever; others are answered meanwhile, and it is told so itself.
    @Test func requestsAreComputedTogether() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program)
        let hanging = Task { await Self.error(of: "hang", from: client) }
        #expect(await eventually { program.text("lines")?.contains("hang") == true })
        #expect(await Self.error(of: "hello", from: client) == nil)
        #expect(
            await Self.error(of: "refuse", from: client) == .refused(message: "no such adapter"))
        hanging.cancel()
        #expect(await hanging.value == .cancelled)
        #expect(program.starts.count == 1)
        await client.shutdown()
    }

    /// Requests that come one after the other do not make a silent process look alive.
    @Test func silenceIsNoticedBesideNewRequests() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program, patience: .seconds(1))
        let asking = Task {
            while !Task.isCancelled {
                Task { await Self.error(of: "hang", from: client) }
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        #expect(await eventually { program.starts.count >= 2 })
        asking.cancel()
        await client.shutdown()
        await asking.value
    }

    /// Beside the request that ends the process or behind it.
    @Test(arguments: [16, 1])
    func otherRequestsOutliveACrash(requestsAtOnce: Int) async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program, requestsAtOnce: requestsAtOnce)
        // Queued before the process is ready, so all three are sent together, or wait.
        let first = await client.events(.sample(Self.request("crash")))
        let second = await client.events(.sample(Self.request("two")))
        let third = await client.events(.sample(Self.request("three")))
        await #expect(throws: EngineError.self) { for try await _ in first {} }
        for stream in [second, third] {
            var last: EngineReply?
            for try await reply in stream { last = reply }
            #expect(last == .done)
        }
        await client.shutdown()
    }

    @Test func garbageEndsTheProcessAndTheNextAnswers() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program)
        let error = await Self.error(of: "garbage", from: client)
        #expect(error == .garbled(reason: "a line of 19 bytes"))
        #expect(await Self.error(of: "hello", from: client) == nil)
        #expect(program.starts.count == 2)
        await client.shutdown()
    }

    @Test func silenceEndsTheProcessAndTheNextAnswers() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program, patience: .seconds(1))
        #expect(await Self.error(of: "hang", from: client) == .silent(seconds: 1))
        #expect(await Self.error(of: "hello", from: client) == nil)
        #expect(program.starts.count == 2)
        await client.shutdown()
    }

    @Test func aRefusalIsAnErrorOfThatRequestAlone() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program)
        #expect(
            await Self.error(of: "refuse", from: client) == .refused(message: "no such adapter"))
        #expect(await Self.error(of: "hello", from: client) == nil)
        #expect(program.starts.count == 1)
        await client.shutdown()
    }

    @Test func cancellingTheReaderCancelsTheRequest() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program)
        let task = Task { await Self.error(of: "hang", from: client) }
        #expect(await eventually { program.text("lines")?.contains("hang") == true })
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(await Self.error(of: "hello", from: client) == nil)
        let lines = program.text("lines") ?? ""
        #expect(lines.contains(#"{"id":1,"op":"cancel"}"#))
        #expect(program.starts.count == 1)
        await client.shutdown()
    }

    @Test func aRequestCancelledWhileItWaitsIsNeverSent() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program, requestsAtOnce: 1)
        let hanging = Task { await Self.error(of: "hang", from: client) }
        #expect(await eventually { program.text("lines")?.contains("hang") == true })
        let waiting = Task { await Self.error(of: "unheard", from: client) }
        try await Task.sleep(for: .milliseconds(50))
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        hanging.cancel()
        #expect(await Self.error(of: "hello", from: client) == nil)
        #expect(program.text("lines")?.contains("unheard") == false)
        await client.shutdown()
    }

    @Test func aProgramThatDoesNotStartSaysWhy() async throws {
        let program = try FakeProgram("echo 'no model of that name' >&2; exit 1")
        let client = await Self.client(program)
        let reason = "the engine ended with status 1: no model of that name"
        #expect(await Self.error(of: "hello", from: client) == .unavailable(reason: reason))
        await client.shutdown()
    }

    @Test func aProgramThatIsNotThereSaysSo() async throws {
        let client = EngineClient(
            EngineSettings(program: "/nonexistent/program", arguments: []))
        await client.start()
        let error = await Self.error(of: "hello", from: client)
        guard case .unavailable(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("/nonexistent/program"))
        await client.shutdown()
    }

    @Test func shutdownEndsTheProcessAndWhatWaits() async throws {
        let program = try FakeProgram.engine()
        let client = await Self.client(program)
        let hanging = Task { await Self.error(of: "hang", from: client) }
        #expect(await eventually { program.text("lines")?.contains("hang") == true })
        await client.shutdown()
        #expect(await hanging.value == .stopped)
        #expect(await Self.error(of: "hello", from: client) == .stopped)
        let process = try #require(program.starts.first)
        #expect(kill(process, 0) == -1)
    }

    @Test func shutdownKillsAProcessThatDoesNotListen() async throws {
        let program = try FakeProgram(
            """
            \(FakeProgram.here)
            trap '' TERM
            echo $$ >> "$HERE/starts"
            echo '{"event":"ready","model":"fake"}'
            while true; do sleep 0.05; done
            """)
        var settings = EngineSettings(program: program.path, arguments: [])
        settings.grace = .milliseconds(200)
        let client = EngineClient(settings)
        await client.start()
        #expect(await eventually { await client.state == .ready(model: "fake") })
        await client.shutdown()
        let process = try #require(program.starts.first)
        #expect(kill(process, 0) == -1)
    }
}

/// Remembers what was told.
actor Heard {
    private(set) var words: [String] = []

    func add(_ word: String) { words.append(word) }
}

import Checkpoints
import Foundation
import Images
import Layers
import Models
import Records
import TestSupport
import Testing
import Torch
import VisionTestSupport

@testable import Generation

/// Requests that join and leave while others go on, on a tiny model that sees, with two adapters.
@Suite(.serialized)
struct SchedulerTests {
    private let model: LanguageModel
    private let folder: URL

    init() throws {
        folder = try TestFiles.scratchFolder()
        model = try TinyVLM.model(in: folder)
        for (seed, name) in [(1, "first"), (2, "second")] as [(UInt64, AdapterName)] {
            try attach(name, seed: seed)
        }
    }

    /// An adapter that matters: B is not zero.
    private func attach(_ name: AdapterName, seed: UInt64) throws {
        let configuration = AdapterConfiguration(
            baseModel: "test",
            rank: 2,
            alpha: 8,
            dropout: 0,
            rankStabilised: false,
            targets: ["v_proj", "o_proj"]
        )
        try model.decoder.attachAdapters(configuration, seed: seed, name: name)
        let modules = model.decoder.adapterModules(name).map { module in
            AdapterFiles.Module(path: module.path, a: module.a, b: module.b + 0.5)
        }
        try model.decoder.attachAdapters(configuration, modules, name: name)
    }

    private func request(
        _ text: String,
        _ settings: SamplingSettings,
        samples: Int = 1,
        images: [Int] = [],
        adapter: RequestedAdapter = .active
    ) throws -> GenerationRequest {
        let references = try images.map { number in
            let file = folder.appending(path: "\(number).png")
            try Data(PNGFile.bytes(of: TinyVLM.picture(number))).write(to: file)
            return ImageReference(path: file.path)
        }
        return try model.request(
            .messages([Message(role: "user", content: text)]),
            images: references,
            samples: samples,
            settings: settings,
            adapter: adapter
        )
    }

    /// Requests of every kind: settings, seeds, lengths, images, adapters of their own.
    private func requests() throws -> [GenerationRequest] {
        [
            try request("Why?", SamplingSettings(maximumTokens: 40, seed: 3), samples: 3),
            try request("A longer question.", .greedy(maximumTokens: 7)),
            try request(
                "What is it?",
                SamplingSettings(temperature: 0.7, topP: 0.9, maximumTokens: 25, seed: 4),
                samples: 2,
                images: [0],
                adapter: .named("first")
            ),
            try request(
                "Why?",
                SamplingSettings(topK: 20, maximumTokens: 30, seed: 3),
                adapter: .named("second")
            ),
            try request(
                "And now?",
                SamplingSettings(repetitionPenalty: 1.3, maximumTokens: 60, seed: 9),
                samples: 5,
                images: [1, 0],
                adapter: .named(nil)
            ),
            try request("Why?", SamplingSettings(temperature: 1.5, maximumTokens: 12), samples: 2),
        ]
    }

    /// What a request draws when nobody is beside it.
    private func alone(_ request: GenerationRequest) throws -> [Answer] {
        let scheduler = Scheduler(model, slots: 16)
        let id = try scheduler.submit(request)
        var log = EventLog()
        while !scheduler.isIdle { log.add(scheduler.step()) }
        return log.answers(to: id)
    }

    /// Whenever they join, whoever is there, however many places there are: the same tokens, and
    /// log-probabilities to the bit.
    @Test(arguments: [1, 2, 3, 16])
    func companyAndTimeChangeNothing(slots: Int) throws {
        let requests = try requests()
        let expected = try requests.map(alone)
        #expect(expected.map(\.count) == requests.map(\.samples))
        #expect(Set(expected.joined().map(\.tokens)).count > 8)
        // How many steps lie between two that join.
        let orders = [0: [0, 1, 2, 3, 4, 5], 1: [5, 3, 4, 0, 2, 1], 4: [2, 4, 1, 5, 0, 3]]
        for (pause, order) in orders {
            let scheduler = Scheduler(model, slots: slots)
            var ids: [Int: RequestID] = [:]
            var log = EventLog()
            for place in order {
                ids[place] = try scheduler.submit(requests[place])
                for _ in 0..<pause { log.add(scheduler.step()) }
            }
            while !scheduler.isIdle { log.add(scheduler.step()) }
            for (place, id) in ids { #expect(log.answers(to: id) == expected[place]) }
        }
    }

    /// Every request has the settings and the adapter that it names.
    @Test func adaptersAreTheRequestsOwn() throws {
        let settings = SamplingSettings.greedy(maximumTokens: 20)
        let answers = try [.named(nil), .named("first"), .named("second")].map { adapter in
            try alone(request("Why?", settings, adapter: adapter))
        }
        #expect(Set(answers.joined().map(\.logProbabilities)).count == 3)
        let active = try model.decoder.adapters.with("second") {
            try alone(request("Why?", settings))
        }
        #expect(active == answers[2])
    }

    @Test func samePromptsAreComputedOnce() throws {
        let scheduler = Scheduler(model, slots: 3)
        let settings = SamplingSettings(maximumTokens: 4)
        let length = try request("Why?", settings).tokens.count
        // Four answers in three places: the fourth's prompt is kept, and a request joins it.
        try scheduler.submit(request("Why?", settings, samples: 2))
        try scheduler.submit(request("Why?", settings, samples: 2))
        _ = scheduler.step()
        try scheduler.submit(request("Why?", settings))
        while !scheduler.isIdle { _ = scheduler.step() }
        #expect(scheduler.timings.prefillTokens == length)
        try scheduler.submit(request("Why?", settings, adapter: .named("first")))
        try scheduler.submit(request("Why?", settings, adapter: .named("second")))
        while !scheduler.isIdle { _ = scheduler.step() }
        #expect(scheduler.timings.prefillTokens == 3 * length)
    }

    /// Before it begins, while it waits for more places, and in the middle.
    @Test(arguments: [0, 1, 5])
    func cancellingLeavesTheOthers(steps: Int) throws {
        let scheduler = Scheduler(model, slots: 3)
        let settings = SamplingSettings(maximumTokens: 30, seed: 1)
        let others = try ["What?", "When?"].map { try request($0, settings, samples: 2) }
        var log = EventLog()
        let first = try scheduler.submit(others[0])
        let cancelled = try scheduler.submit(request("Why?", settings, samples: 6))
        let second = try scheduler.submit(others[1])
        for _ in 0..<steps { log.add(scheduler.step()) }
        scheduler.cancel(cancelled)
        let heard = log.tokens.count { $0.request == cancelled }
        while !scheduler.isIdle { log.add(scheduler.step()) }
        #expect(log.tokens.count { $0.request == cancelled } == heard)
        #expect(try log.answers(to: first) == alone(others[0]))
        #expect(try log.answers(to: second) == alone(others[1]))
        scheduler.cancel(first)
    }

    /// A place that an answer leaves is taken in the next step, not when all have ended.
    @Test func freePlacesAreTaken() throws {
        let scheduler = Scheduler(model, slots: 2)
        let long = try scheduler.submit(request("Why?", .greedy(maximumTokens: 50)))
        let short = try (0..<3).map { number in
            try scheduler.submit(request("What \(number)?", .greedy(maximumTokens: 2)))
        }
        var ended: [RequestID] = []
        while !scheduler.isIdle {
            for case .token(let token) in scheduler.step() where token.finishReason != nil {
                ended.append(token.request)
            }
        }
        #expect(ended == short + [long])
    }

    @Test func whatCannotFitIsRefused() throws {
        let scheduler = Scheduler(model, slots: 2, capacity: 40)
        let text = String(repeating: "x", count: 60)
        let long = try request(text, SamplingSettings())
        let expected = GenerationError.promptTooLong(
            index: 0,
            tokens: long.tokens.count,
            limit: 40
        )
        #expect(throws: expected) { try scheduler.submit(long) }
        #expect(throws: GenerationError.self) {
            try scheduler.submit(request("Why?", SamplingSettings(topP: 2)))
        }
        #expect(scheduler.isIdle && scheduler.step().isEmpty)
        // An answer ends where its place does.
        let short = try request("Why?", SamplingSettings(minimumTokens: 100, maximumTokens: 100))
        let id = try scheduler.submit(short)
        var log = EventLog()
        while !scheduler.isIdle { log.add(scheduler.step()) }
        let answer = try #require(log.answers(to: id).first)
        #expect(short.tokens.count + answer.tokens.count == 40 && answer.finish == .length)
    }

    /// A file that is gone ends the request that needs it, and is no matter to those beside it.
    @Test func aMissingImageFailsItsRequestAlone() throws {
        let settings = SamplingSettings(maximumTokens: 5)
        let sound = try request("What is it?", settings, images: [0])
        let broken = try request("What is it?", settings, samples: 2, images: [5])
        try FileManager.default.removeItem(at: folder.appending(path: "5.png"))
        let scheduler = Scheduler(model, slots: 8)
        let ids = try [sound, broken, broken, sound].map { try scheduler.submit($0) }
        var log = EventLog()
        while !scheduler.isIdle { log.add(scheduler.step()) }
        #expect(log.failed.map(\.0) == [ids[1], ids[2]])
        #expect(log.failed.allSatisfy { if case .image = $0.1 { true } else { false } })
        #expect(try log.answers(to: ids[0]) == alone(sound))
        #expect(log.answers(to: ids[3]) == log.answers(to: ids[0]))
    }

    /// A model whose embedding of Z is no number.
    @Test func aNumberThatIsNoneFailsItsRequestAlone() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try TinyVLM.model(
            in: folder,
            withNaNAt: 32 * Int(UInt8(ascii: "Z")),
            of: TinyVLM.embeddings
        )
        let settings = SamplingSettings(topK: 3, maximumTokens: 6)
        let scheduler = Scheduler(model, slots: 2)
        let ids = try [("fine", 1), ("Z", 3), ("well", 2)].map { text, samples in
            try scheduler.submit(
                model.request(.text(text), samples: samples, settings: settings)
            )
        }
        var log = EventLog()
        while !scheduler.isIdle { log.add(scheduler.step()) }
        #expect(log.failed.map(\.0) == [ids[1]])
        #expect(log.failed.first?.1 == .notFinite(index: 0, id: nil))
        #expect(log.answers(to: ids[0]).count == 1 && log.answers(to: ids[2]).count == 2)
    }

    /// Draws of nearly equal shares among 258 tokens, of which one ends an answer.
    @Test func answersAreAsLongAsTheyMust() throws {
        var settings = SamplingSettings(temperature: 100, maximumTokens: 200, seed: 5)
        let free = try alone(request("Why?", settings, samples: 12))
        #expect(free.contains { $0.finish == .stop && $0.tokens.count < 60 })
        settings.minimumTokens = 60
        let bound = try alone(request("Why?", settings, samples: 12))
        #expect(bound.allSatisfy { $0.tokens.count > 60 })
        #expect(bound.contains { $0.finish == .stop })
    }
}

/// An answer as it was drawn.
private struct Answer: Equatable {
    var tokens: [Int32] = []
    var logProbabilities: [Float] = []
    var text = ""
    var finish: FinishReason?
}

/// What steps told.
private struct EventLog {
    private(set) var tokens: [DrawnToken] = []
    private(set) var failed: [(RequestID, GenerationError)] = []

    mutating func add(_ events: [SchedulerEvent]) {
        for event in events {
            switch event {
            case .token(let token): tokens.append(token)
            case .failed(let id, let error): failed.append((id, error))
            }
        }
    }

    func answers(to id: RequestID) -> [Answer] {
        var answers: [Int: Answer] = [:]
        for token in tokens where token.request == id {
            answers[token.sample, default: Answer()].tokens.append(token.token)
            answers[token.sample]?.logProbabilities.append(token.logProbability)
            answers[token.sample]?.text += token.text
            answers[token.sample]?.finish = token.finishReason
        }
        return answers.sorted { $0.key < $1.key }.map(\.value)
    }
}

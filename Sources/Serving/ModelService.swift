import Foundation
import Generation
import Layers
import Records

/// One model that answers, scores and judges, with whichever adapter a request names.
///
/// Answers of all requests are drawn together, a token of each in a turn; what else is asked is
/// computed between two tokens, in the order in which it came.
public final class ModelService {
    let model: LanguageModel
    let scheduler: Scheduler
    /// Requests for answers that are being drawn or wait for a place.
    var drawings: [RequestID: Drawing] = [:]
    private var jobs: [(id: Int, job: Job)] = []
    private var slots = AdapterSlots()

    /// Answers that are drawn together.
    private static let width = 16

    /// What is computed between two tokens.
    private enum Job {
        case judge(EngineJudge)
        case explain(EngineExplain)
        /// With the numbers of the items so far.
        case score(EngineScore, EngineScores)
    }

    /// Whether images may stand in a request.
    var readsImages: Bool { model.vision != nil }

    public init(_ model: LanguageModel) {
        self.model = model
        scheduler = Scheduler(model, slots: Self.width)
    }

    /// Whether no request waits or is being computed.
    package var isIdle: Bool { drawings.isEmpty && jobs.isEmpty }

    /// Takes a request, which the turns that follow answer; `cancel` acts at once.
    ///
    /// - Returns: what is to be told already: why the request cannot be answered, or that it was
    ///   cancelled.
    package func take(_ request: EngineRequest) -> [EngineEvent] {
        let id = request.id
        switch request.operation {
        case .sample(let sample):
            do { try submit(sample, for: id) } catch { return [Self.error(error, id)] }
        case .judge(let judge): jobs.append((id, .judge(judge)))
        case .explain(let explain): jobs.append((id, .explain(explain)))
        case .score(let score):
            let none = EngineScores(logProbabilities: [], tokens: [])
            jobs.append((id, .score(score, none)))
        case .cancel: return cancel(id)
        }
        return []
    }

    /// Draws a token of each answer, and computes a piece of what else was asked first.
    ///
    /// - Returns: what came of it; the last event of a request says how it ended.
    package func turn() -> [EngineEvent] {
        let events = scheduler.isIdle ? [] : scheduler.step().flatMap(events(of:))
        return events + advance()
    }

    private func cancel(_ id: Int) -> [EngineEvent] {
        if let (key, _) = drawings.first(where: { $1.id == id }) {
            scheduler.cancel(key)
            drawings[key] = nil
        } else if let place = jobs.firstIndex(where: { $0.id == id }) {
            jobs.remove(at: place)
        } else {
            return []
        }
        return [.reply(id: id, .cancelled)]
    }

    /// One item of a score, or the whole of another job.
    private func advance() -> [EngineEvent] {
        guard let id = jobs.first?.id else { return [] }
        do {
            guard let reply = try work(on: &jobs[0].job) else { return [] }
            jobs.removeFirst()
            return [.reply(id: id, reply), .reply(id: id, .done)]
        } catch {
            jobs.removeFirst()
            return [Self.error(error, id)]
        }
    }

    /// The job's result; nil where more is to be done.
    private func work(on job: inout Job) throws -> EngineReply? {
        switch job {
        case .judge(let judge): return .judgement(try judgement(judge))
        case .explain(let explain): return .overlay(try overlay(explain))
        case .score(let score, var scores):
            let left = score.items.dropFirst(scores.tokens.count)
            if let item = left.first { try add(item, to: &scores, adapter: score.adapter) }
            job = .score(score, scores)
            return left.count > 1 ? nil : .scores(scores)
        }
    }

    static func error(_ error: any Error, _ id: Int) -> EngineEvent {
        .reply(id: id, .error(message: RequestFault.words(error)))
    }

    /// The name under which a folder's adapter is on the model; nil for the base model.
    ///
    /// - Throws: ``FormatError`` or ``AdapterError``.
    func adapter(_ folder: String?, keeping kept: AdapterName? = nil) throws -> AdapterName? {
        guard let folder else { return nil }
        if let name = slots.name(of: folder) { return name }
        let busy = Set(drawings.values.compactMap(\.adapter) + [kept].compactMap(\.self))
        let name = slots.free(keeping: busy)
        slots.forget(name)
        try model.attachAdapter(URL(filePath: folder), name: name)
        slots.remember(name, folder)
        return name
    }
}

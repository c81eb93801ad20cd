import Feedback
import Hummingbird
import Web

/// Answers of the model: started, watched and stopped.
struct SamplingsController: Sendable {
    let samplings: SamplingStore
    let service: any CaseSampling
    let sessions: Sessions

    var routes: [APIRoute] { [start, show, stop, events] }

    /// A sampling, as the routes that start or stop one reply.
    struct One: Encodable, Sendable {
        let sampling: Sampling
    }

    private struct WithTraces: Encodable, Sendable {
        struct Rejected: Encodable, Sendable {
            let attempt: Int
            let text: String
            let verdict: TraceVerdict
            let reason: String
        }

        let sampling: Sampling
        let traces: [Trace]
        let rejected: [Rejected]
        let acceptance: OrNull<Double>

        init(_ sampling: Sampling, _ all: [Trace]) {
            self.sampling = sampling
            traces = all.filter(\.kept)
            rejected = all.filter { !$0.kept }.map {
                Rejected(
                    attempt: $0.attempt, text: $0.text, verdict: $0.verdict, reason: $0.reason)
            }
            acceptance = OrNull(sampling.acceptance)
        }
    }

    private static let settings = Schema.object([
        .optional("versionID", .id), .optional("wanted", .integer(1...20)),
        .optional("attempts", .integer(1...200)), .optional("temperature", .number(0...2)),
        .optional("temperatureStep", .number(0...1)),
        .optional("maxTemperature", .number(0...2)), .optional("topP", .number(0.01...1)),
        .optional("repetitionPenalty", .number(1...2)),
        .optional("maxTokens", .integer(1...2_048)), .optional("maxOverlap", .number(0...1)),
        .optional("verify", .boolean),
    ])

    private var start: APIRoute {
        .json(
            .post, "/api/cases/{id}/samplings", .expert, "Sample answers to a case",
            body: Self.settings, status: .accepted
        ) { (settings: SamplingSettings, call) in
            One(
                sampling: try await service.sample(
                    try call.text("id"), settings: settings, by: try call.account.id))
        }
    }

    private var show: APIRoute {
        .get("/api/samplings/{id}", .viewer, "A sampling with its traces") { call in
            let id = try call.id()
            return WithTraces(
                try await samplings.find(id), try await samplings.traces(of: id))
        }
    }

    private var stop: APIRoute {
        .plain(
            .post, "/api/samplings/{id}/stop", .expert, "Stop a sampling", status: .accepted
        ) { call in
            let id = try call.id()
            try await service.stop(id, by: try call.account.id)
            return One(sampling: try await samplings.find(id))
        }
    }

    private var events: APIRoute {
        APIRoute(
            method: .get, path: "/api/samplings/{id}/events", access: .viewer,
            summary: "Tokens, traces and states as they come", reply: .events
        ) { call in
            let login = try call.login
            let events = try await service.events(try call.id())
            return EventStream().response(
                to: call.request, while: { await sessions.isStillAllowed(login) }, events: events
            ) { try ServerEvent(name: $0.name, $0) }
        }
    }
}

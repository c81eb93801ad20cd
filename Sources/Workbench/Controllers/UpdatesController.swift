import Feedback
import Hummingbird
import Web

/// Training of new versions.
struct UpdatesController: Sendable {
    let jobs: JobStore
    let service: any ModelUpdating
    let sessions: Sessions

    var routes: [APIRoute] { [list, start, show, stop, events, states] }

    private struct List: Encodable, Sendable {
        let jobs: [TrainingJob]
        let pending: Int
        let threshold: Int
        let automatic: Bool
    }

    private struct Wish: Decodable {
        let method: UpdateMethod
    }

    private struct One: Encodable, Sendable {
        let job: TrainingJob
    }

    private struct WithCurves: Encodable, Sendable {
        let job: TrainingJob
        let curves: [String: [[Double]]]
    }

    private var list: APIRoute {
        .get("/api/updates", .viewer, "Trainings, and judgements since the last one") { _ in
            let pending = try await service.pending()
            return List(
                jobs: try await jobs.all(), pending: pending.count,
                threshold: pending.threshold, automatic: pending.automatic)
        }
    }

    private var start: APIRoute {
        let method = Schema.choice(UpdateMethod.allCases.map(\.rawValue))
        return .json(
            .post, "/api/updates", .administrator, "Train a new version",
            body: .object([.required("method", method)]), status: .accepted
        ) { (body: Wish, call) in
            One(job: try await service.update(body.method, by: try call.account.id))
        }
    }

    private var show: APIRoute {
        .get("/api/updates/{id}", .viewer, "A training and its curves") { call in
            let id = try call.id()
            return WithCurves(
                job: try await jobs.find(id), curves: try await service.curves(id))
        }
    }

    private var stop: APIRoute {
        .plain(
            .post, "/api/updates/{id}/stop", .administrator, "Stop a training",
            status: .accepted
        ) { call in
            let id = try call.id()
            try await service.stop(id, by: try call.account.id)
            return One(job: try await jobs.find(id))
        }
    }

    /// For pages on which a training appears that starts by itself.
    private var states: APIRoute {
        APIRoute(
            method: .get, path: "/api/updates/events", access: .viewer,
            summary: "States of all trainings as they come", reply: .events
        ) { call in
            let login = try call.login
            return EventStream().response(
                to: call.request, while: { await sessions.isStillAllowed(login) },
                events: await service.states()
            ) { try ServerEvent(name: "state", $0) }
        }
    }

    private var events: APIRoute {
        APIRoute(
            method: .get, path: "/api/updates/{id}/events", access: .viewer,
            summary: "Metrics and states as they come", reply: .events
        ) { call in
            let login = try call.login
            let events = try await service.events(try call.id())
            return EventStream().response(
                to: call.request, while: { await sessions.isStillAllowed(login) }, events: events
            ) { try ServerEvent(name: $0.name, $0) }
        }
    }
}

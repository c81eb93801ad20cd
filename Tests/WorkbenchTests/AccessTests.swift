import Feedback
import Hummingbird
import Testing

@testable import Web
@testable import Workbench

/// Who may do what, for every route there is.
struct AccessTests {
    /// The role that each route asks for; nil for none. As WORKBENCH's contract states it, and not
    /// read from the routes, which are compared with it.
    static let matrix: [String: Account.Role?] = [
        "POST /api/setup": nil, "POST /api/login": nil, "GET /health": nil,
        "GET /openapi.json": nil,
        "POST /api/logout": .viewer, "GET /api/session": .viewer,
        "POST /api/password": .viewer,
        "GET /api/accounts": .administrator, "POST /api/accounts": .administrator,
        "PATCH /api/accounts/{id}": .administrator,
        "GET /api/cases": .viewer, "POST /api/cases": .expert,
        "POST /api/cases/import": .expert, "POST /api/cases/bank": .expert,
        "POST /api/cases/import-with-images": .expert,
        "POST /api/images": .expert, "GET /api/images/{id}": .viewer,
        "GET /api/images/{id}/facts": .viewer, "GET /api/traces/{id}/overlay": .expert,
        "GET /api/cases/{id}": .viewer, "DELETE /api/cases/{id}": .administrator,
        "POST /api/cases/{id}/samplings": .expert,
        "GET /api/samplings/{id}": .viewer, "POST /api/samplings/{id}/stop": .expert,
        "GET /api/samplings/{id}/events": .viewer,
        "GET /api/queue": .expert, "GET /api/samplings/{id}/sheet": .expert,
        "PUT /api/samplings/{id}/ranking": .expert,
        "GET /api/samplings/{id}/mathematics": .expert,
        "GET /api/drafts/{key}": .expert, "PUT /api/drafts/{key}": .expert,
        "DELETE /api/drafts/{key}": .expert,
        "POST /api/ask": .expert, "POST /api/feedback": .expert,
        "GET /api/feedback/statistics": .viewer,
        "POST /api/arena": .expert, "GET /api/arena/next": .expert,
        "POST /api/arena/{id}": .expert, "GET /api/arena/standing": .viewer,
        "GET /api/versions": .viewer, "POST /api/versions/{id}/promote": .administrator,
        "POST /api/versions/rollback": .administrator,
        "GET /api/updates": .viewer, "POST /api/updates": .administrator,
        "GET /api/updates/{id}": .viewer, "POST /api/updates/{id}/stop": .administrator,
        "GET /api/updates/{id}/events": .viewer, "GET /api/updates/events": .viewer,
        "GET /api/agreement": .viewer, "POST /api/assignments": .administrator,
        "GET /api/export/feedback.jsonl": .expert, "GET /api/export/feedback.csv": .expert,
        "GET /api/export/preferences.jsonl": .expert, "GET /api/export/state.jsonl": .expert,
        "POST /api/import/state": .administrator, "GET /api/datasets": .viewer,
        "GET /api/overview": .viewer, "GET /api/audit": .administrator,
    ]

    /// A route's address with ids that do not exist.
    static func address(_ route: APIRoute) -> String {
        route.path.replacing("{id}", with: "999").replacing("{key}", with: "nothing")
    }

    @Test func everyRouteIsInTheMatrix() async throws {
        let routes = try await Bench().application.table.routes
        let names = routes.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(names) == Set(Self.matrix.keys))
        #expect(names.count == Self.matrix.count)
    }

    @Test func everyRouteAsksForItsRole() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for route in bench.application.table.routes {
                let name = "\(route.method.rawValue) \(route.path)"
                guard let needed = Self.matrix[name] ?? nil else { continue }
                let path = Self.address(route)
                let nobody = try await client.send(route.method, path)
                #expect(nobody.status == 401, "\(name) without a log-in")
                #expect(nobody.code == "sign_in")
                for role in Account.Role.allCases where name != "POST /api/logout" {
                    let reply = try await client.send(route.method, path, as: bench.person(role))
                    let isRefused = reply.status == 403
                    #expect(isRefused == (role.rank < needed.rank), "\(name) as \(role)")
                    #expect(reply.status < 500, "\(name) as \(role): \(reply.text)")
                }
            }
        }
    }

    @Test func everyRouteThatWritesNeedsTheToken() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for route in bench.application.table.routes
            where route.method != .get && route.access != .anyone {
                for token in ["", "wrong", bench.expert.csrf] {
                    let reply = try await client.send(
                        route.method, Self.address(route), as: bench.administrator,
                        headers: ["X-CSRF-Token": token])
                    #expect(reply.status == 403, "\(route.method) \(route.path)")
                    #expect(reply.code == "csrf")
                }
            }
        }
    }

    @Test func anotherSitesRequestsAreRefused() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let foreign = try await client.send(
                .post, "/api/login", json: "{}", headers: ["Origin": "http://evil.example"])
            #expect(foreign.code == "wrong_origin")
            let own = try await client.send(
                .post, "/api/login", json: "{}", headers: ["Origin": "http://localhost"])
            #expect(own.status == 422)
        }
    }
}

import Feedback
import Foundation
import Records
import Testing

@testable import Workbench

struct AdministrationRouteTests {
    @Test func accountsAreMadeAndChanged() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let body = "{\"name\":\"Bob\",\"password\":\"another password\",\"role\":\"expert\"}"
            let made = try await client.post("/api/accounts", as: bench.administrator, body)
            #expect(made.status == 201)
            #expect(!made.text.contains("scrypt"))
            let id = try #require(made.json["id"]?.integer)
            let again = try await client.post("/api/accounts", as: bench.administrator, body)
            #expect(again.status == 409)
            let logIn = "{\"name\":\"Bob\",\"password\":\"another password\"}"
            #expect(try await client.post("/api/login", as: nil, logIn).status == 200)
            let changed = try await client.send(
                .patch, "/api/accounts/\(id)", as: bench.administrator,
                json: "{\"disabled\":true,\"role\":\"viewer\"}")
            #expect(changed.json["disabled"] == .bool(true))
            #expect(changed.json["role"] == .string("viewer"))
            #expect(try await client.post("/api/login", as: nil, logIn).status == 401)
            let list = try await client.get("/api/accounts", as: bench.administrator)
            #expect(list.json["accounts"]?.array?.count == 4)
        }
    }

    @Test func theLastAdministratorStays() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.send(
                .patch, "/api/accounts/\(bench.administrator.account.id)",
                as: bench.administrator, json: "{\"role\":\"viewer\"}")
            #expect(reply.status == 409)
        }
    }

    @Test func aNewPasswordEndsSessions() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            _ = try await client.send(
                .patch, "/api/accounts/\(bench.expert.account.id)", as: bench.administrator,
                json: "{\"password\":\"a new password\"}")
            #expect(try await client.get("/api/session", as: bench.expert).status == 401)
        }
    }

    @Test func theAuditLogTellsWhoDidWhat() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            _ = try await client.get("/api/export/feedback.jsonl", as: bench.expert)
            let reply = try await client.get("/api/audit?limit=1", as: bench.administrator)
            let entry = try #require(reply.json["entries"]?.array?.first)
            #expect(entry["account"]?.integer == Int(bench.expert.account.id))
            #expect(entry["action"]?.string?.contains("export") == true)
            let id = try #require(entry["id"]?.integer)
            let before = try await client.get(
                "/api/audit?before=\(id)&limit=500", as: bench.administrator)
            #expect(before.json["entries"]?.array?.count == id - 1)
        }
    }

    @Test func casesAreAssigned() async throws {
        let bench = try await Bench()
        _ = try await bench.addSampling(of: try await bench.addCase().id)
        try await bench.run { client in
            let reply = try await client.post(
                "/api/assignments", as: bench.administrator, "{\"overlap\":1}")
            #expect(reply.status == 200)
            #expect(reply.json["assigned"] == .integer(1))
            let queue = try await client.get("/api/queue", as: bench.expert)
            #expect(queue.json["next"]?.array?.first?["assigned"] == .bool(true))
            let many = try await client.post(
                "/api/assignments", as: bench.administrator, "{\"overlap\":5}")
            #expect(many.status == 422)
            let agreement = try await client.get("/api/agreement", as: bench.viewer)
            #expect(agreement.json["raters"]?.array != nil)
        }
    }

    @Test func theOverviewCounts() async throws {
        let bench = try await Bench()
        _ = try await bench.addSampling(of: try await bench.addCase().id, verify: true)
        try await bench.run { client in
            let json = try await client.get("/api/overview", as: bench.viewer).json
            #expect(json["counts"]?["cases"] == .integer(1))
            #expect(json["counts"]?["versions"] == .integer(1))
            #expect(json["current"]?["name"] == .string("base"))
            let day = try #require(json["acceptance"]?.array?.first?.array)
            #expect(day.first == .string("2023-11-14"))
            #expect(day.last?.number == 2.0 / 3)
        }
    }

    @Test func theStateComesBackTheSame() async throws {
        let bench = try await Bench()
        let item = try await bench.addCase()
        _ = try await bench.addSampling(of: item.id)
        let state = try await bench.store.state.export(actor: nil)
        let text = String(decoding: state, as: UTF8.self)
        try await bench.run { client in
            let file = try await client.get("/api/export/state.jsonl", as: bench.expert)
            #expect(file.text == text)
            #expect(
                file.header("Content-Disposition") == "attachment; filename=\"state.jsonl\"")
            let full = try await client.send(
                .post, "/api/import/state", as: bench.administrator, json: text)
            #expect(full.status == 409)
        }
        let other = try await Bench()
        try await other.run { client in
            let reply = try await client.send(
                .post, "/api/import/state", as: other.administrator, json: text,
                headers: ["Content-Type": "application/x-ndjson"])
            #expect(reply.status == 200, "\(reply.text)")
            #expect(try await client.get("/api/cases/\(item.id)", as: other.viewer).status == 200)
            let broken = try await client.send(
                .post, "/api/import/state", as: other.administrator, json: "{broken")
            #expect([409, 422].contains(broken.status))
        }
    }

    @Test(arguments: ["feedback.jsonl", "feedback.csv", "preferences.jsonl"])
    func judgementsAreExported(name: String) async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.get("/api/export/\(name)", as: bench.expert)
            #expect(reply.status == 200)
            #expect(
                reply.header("Content-Disposition") == "attachment; filename=\"\(name)\"")
            let sets = try await client.get("/api/datasets", as: bench.viewer)
            #expect(sets.json["datasets"] == .array([]))
        }
    }
}

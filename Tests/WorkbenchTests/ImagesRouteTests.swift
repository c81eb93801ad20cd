import Feedback
import Foundation
import Hummingbird
import Records
import TestSupport
import Testing

@testable import Workbench

/// Renders nothing, and says what it was asked.
struct FakeImages: ImageRendering {
    /// What no renderer can decode.
    static let broken = Data([0xFF, 0xD8, 0xFF, 0x00])
    /// What is held back until somebody has looked.
    static let lettered = Data([0xFF, 0xD8, 0xFF, 0x01])

    func deidentified(_ data: Data, looked: Bool) async throws(ServiceError) -> Data {
        guard looked || data != Self.lettered else { throw .invalid("the image is held back") }
        return data + Data("clean".utf8)
    }

    func facts(of file: URL) async throws(ServiceError) -> CaseImageFacts {
        guard let data = try? Data(contentsOf: file), !data.starts(with: Self.broken) else {
            throw .invalid("the image is truncated")
        }
        return CaseImageFacts(
            width: 4, height: 3, frames: 2, window: ImageWindow(center: 40, width: 400))
    }

    func png(
        of file: URL, frame: Int, window: ImageWindow?
    ) async throws(ServiceError) -> Data {
        guard frame < 2 else { throw .invalid("there is no frame \(frame)") }
        let words = window.map { "\($0.center) \($0.width)" } ?? "stored"
        return Data("\(frame) \(words)".utf8)
    }
}

struct ImagesRouteTests {
    private static let png = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00])
    private static let dicom = Data(repeating: 0, count: 128) + Data("DICM".utf8)

    private static func upload(
        _ data: Data, _ client: BenchClient, as person: Bench.Person
    ) async throws -> BenchReply {
        try await client.send(
            .post, "/api/images", as: person, bytes: ByteBuffer(bytes: data),
            headers: ["Content-Type": "application/octet-stream"])
    }

    private static func hash(_ reply: BenchReply) throws -> String {
        try #require(reply.json["image"]?["hash"]?.string)
    }

    @Test func anImageComesInAndIsShown() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await Self.upload(Self.png, client, as: bench.expert)
            #expect(reply.status == 201, "\(reply.text)")
            #expect(reply.json["image"]?["kind"] == .string("png"))
            let path = "/api/images/\(try Self.hash(reply))"
            let shown = try await client.get(path, as: bench.viewer)
            #expect(shown.status == 200)
            #expect(shown.header("Content-Type") == "image/png")
            #expect(
                shown.header("Content-Security-Policy") == "default-src 'none'; sandbox")
            #expect(shown.header("X-Content-Type-Options") == "nosniff")
            #expect(shown.header("Cache-Control") == "no-store")
            #expect(shown.text == "0 stored")
            #expect(try await client.get(path).status == 401)
        }
        let actions = try await bench.store.audit.page().map(\.action)
        #expect(actions.contains("image.add"))
    }

    /// What is kept is the copy without what identifies somebody, unless somebody says otherwise.
    @Test func identitiesAreRemoved() async throws {
        let bench = try await Bench()
        let folder = try #require(bench.store.images)
        @Sendable func kept(_ reply: BenchReply) throws -> Data {
            let image = try #require(folder.find(try Self.hash(reply)))
            return try Data(contentsOf: folder.file(of: image))
        }
        try await bench.run { client in
            @Sendable func add(_ data: Data, _ query: String) async throws -> BenchReply {
                try await client.send(
                    .post, "/api/images\(query)", as: bench.expert, bytes: ByteBuffer(bytes: data),
                    headers: ["Content-Type": "application/octet-stream"])
            }
            for query in ["", "?identity=remove", "?identity=looked"] {
                #expect(try kept(try await add(Self.png, query)) == Self.png + Data("clean".utf8))
            }
            #expect(try kept(try await add(Self.png, "?identity=keep")) == Self.png)
            let held = try await add(FakeImages.lettered, "")
            #expect(held.status == 422 && held.text.contains("held back"))
            #expect(try await add(FakeImages.lettered, "?identity=looked").status == 201)
            #expect(try await add(Self.png, "?identity=all").status == 422)
        }
        let details = try await bench.store.audit.page().filter { $0.action == "image.add" }
            .compactMap { $0.detail["identity"]?.string }
        #expect(Set(details) == ["remove", "looked", "keep"])
    }

    @Test func dicomIsRenderedAsOptionsed() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let path =
                "/api/images/"
                + (try Self.hash(try await Self.upload(Self.dicom, client, as: bench.expert)))
            let facts = try await client.get(path + "/facts", as: bench.viewer)
            #expect(facts.json["facts"]?["frames"] == .integer(2))
            #expect(facts.json["facts"]?["window"]?["center"]?.number == 40)
            let stored = try await client.get(path, as: bench.viewer)
            #expect(stored.header("Content-Type") == "image/png")
            #expect(stored.text == "0 stored")
            let wished = try await client.get(
                path + "?frame=1&center=-600&width=1500", as: bench.viewer)
            #expect(wished.text == "1 -600.0 1500.0")
            for query in ["?frame=2", "?center=40", "?width=0&center=1", "?frame=-1", "?zoom=2"] {
                let refused = try await client.get(path + query, as: bench.viewer)
                #expect(refused.status == 422, "\(query)")
            }
        }
    }

    @Test func whatIsNoImageIsRefusedAndNotKept() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for data in [Data(), Data("<svg onload=alert(1)>".utf8), FakeImages.broken] {
                let reply = try await Self.upload(data, client, as: bench.expert)
                #expect(reply.status == 422, "\(reply.text)")
            }
            let huge = try await client.send(
                .post, "/api/images", as: bench.expert,
                headers: ["Content-Length": "\(ImageFolder.limit + 1)"])
            #expect(huge.status == 413)
            for name in ["0", "..%2f..%2fworkbench.sqlite", String(repeating: "0", count: 64)] {
                let reply = try await client.get("/api/images/\(name)", as: bench.viewer)
                #expect(reply.status == 404, "\(name)")
            }
        }
        let folder = try #require(bench.store.images)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)) ?? []
        #expect(files.isEmpty)
    }

    @Test func aCaseIsShownWithItsImages() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let hash = try Self.hash(try await Self.upload(Self.png, client, as: bench.expert))
            let body = """
                {"format":"jsonl","rows":"{\\"id\\":\\"seen\\",\\"question\\":\\"What?\\",\
                \\"answer\\":\\"Effusion\\",\\"image\\":\\"a/1.png\\"}","hashes":{"1.png":"\(hash)"}}
                """
            let imported = try await client.post(
                "/api/cases/import-with-images", as: bench.expert, body)
            #expect(imported.status == 201, "\(imported.text)")
            let shown = try await client.get("/api/cases/seen", as: bench.viewer)
            #expect(shown.json["case"]?["images"]?.array?.first?["hash"] == .string(hash))
            let sampling = try await bench.addSampling(of: "seen")
            let sheet = try await client.get(
                "/api/samplings/\(sampling.id)/sheet", as: bench.expert)
            #expect(sheet.json["case"]?["images"]?.array?.count == 1)
            let typed = try await client.post(
                "/api/cases", as: bench.expert,
                "{\"question\":\"And?\",\"answer\":\"x\",\"images\":[\"\(hash)\"]}")
            #expect(typed.status == 201)
            let unknown = try await client.post(
                "/api/cases", as: bench.expert,
                "{\"question\":\"And?\",\"answer\":\"x\",\"images\":[\"\(hash.uppercased())\"]}")
            #expect(unknown.status == 422)
        }
    }

    @Test func whereTheModelLookedIsAnImage() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let shown = try await client.get(
                "/api/traces/7/overlay?map=attention&image=2", as: bench.expert)
            #expect(shown.status == 200 && shown.text == "7 2 attention")
            #expect(shown.header("Content-Type") == "image/png")
            #expect(
                shown.header("Content-Security-Policy") == "default-src 'none'; sandbox")
            let first = try await client.get("/api/traces/7/overlay", as: bench.expert)
            #expect(first.text == "7 0 saliency")
            for (query, status) in [
                ("?map=mind", 422), ("?mop=saliency", 422), ("?map=saliency&image=16", 422),
            ] {
                let refused = try await client.get(
                    "/api/traces/7/overlay\(query)", as: bench.expert)
                #expect(refused.status == status, "\(query)")
            }
            let unknown = try await client.get(
                "/api/traces/100/overlay?map=saliency", as: bench.expert)
            #expect(unknown.status == 404)
            let viewer = try await client.get(
                "/api/traces/7/overlay?map=saliency", as: bench.viewer)
            #expect(viewer.status == 403)
        }
    }

    @Test func aQuestionHasImagesToo() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let hash = try Self.hash(try await Self.upload(Self.png, client, as: bench.expert))
            let asked = try await client.post(
                "/api/ask", as: bench.expert, "{\"prompt\":\"Here?\",\"images\":[\"\(hash)\"]}")
            #expect(asked.status == 202, "\(asked.text)")
            #expect(asked.json["sampling"]?["images"]?.array?.first?["hash"] == .string(hash))
            let unknown = try await client.post(
                "/api/ask", as: bench.expert,
                "{\"prompt\":\"Here?\",\"images\":[\"\(String(hash.reversed()))\"]}")
            #expect(unknown.status == 404)
        }
    }
}

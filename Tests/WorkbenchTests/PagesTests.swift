import Foundation
import TestSupport
import Testing

@testable import Workbench

struct PagesTests {
    private static let resources = TestFiles.root.appending(path: "Sources/Workbench/Resources")

    private static func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: resources.appending(path: folder).path)
    }

    @Test func everyPageIsRendered() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for page in Page.all {
                let path = page.path.replacing(":id", with: "1")
                let reply = try await client.get(path, as: page.isDoor ? nil : bench.viewer)
                #expect(reply.status == 200, "\(path)")
                #expect(reply.header("Content-Type") == "text/html; charset=utf-8")
                #expect(reply.text.hasPrefix("<!doctype html>"), "\(path)")
                #expect(!reply.text.contains("{{"), "\(path)")
            }
        }
    }

    @Test func pagesLeadToTheLogInAndBack() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.get("/rank/7?a=b")
            #expect(reply.status == 303)
            #expect(reply.header("Location") == "/login?next=%2Frank%2F7%3Fa%3Db")
            let door = try await client.get("/login", as: bench.viewer)
            #expect(door.header("Location") == "/")
        }
    }

    /// The policy allows no inline script or style, so a page must not hold any.
    @Test func noPageHoldsScriptsOrStyles() throws {
        let templates = try PageTemplates()
        for page in Page.all {
            let html = try #require(templates.render(page.template))
            #expect(!html.contains(" style="), "\(page.template)")
            #expect(!html.contains("<style"), "\(page.template)")
            #expect(!html.contains(" onclick="), "\(page.template)")
            for script in html.split(separator: "<script").dropFirst() {
                #expect(script.hasPrefix(" src=\"/static/") || script.contains(" src=\"/static/"))
            }
            #expect(!html.contains("http://"), "\(page.template)")
            #expect(!html.contains("https://"), "\(page.template)")
        }
    }

    @Test func everyFileAPageNamesIsServed() async throws {
        let templates = try PageTemplates()
        let pattern = /\/static\/[A-Za-z0-9._-]+/
        let paths = Set(
            try Page.all.flatMap { page in
                try #require(templates.render(page.template)).matches(of: pattern)
                    .map { String($0.output) }
            })
        #expect(paths.count > 5)
        try await Bench().run { client async throws in
            for path in paths {
                #expect(try await client.get(path).status == 200, "\(path)")
            }
        }
    }

    @Test func whatIsNotThereIsToldToPeopleAsAPage() async throws {
        try await Bench().run { client in
            let reply = try await client.send(
                .get, "/nothing", headers: ["Accept": "text/html,*/*"])
            #expect(reply.status == 404)
            #expect(reply.header("Content-Type") == "text/html; charset=utf-8")
            #expect(reply.text.contains("Not found"))
        }
    }

    @Test func valuesInPagesAreEscaped() throws {
        let html = try #require(
            PageTemplates().render("error", ["title": "<b>", "message": "\"'&<script>"]))
        #expect(!html.contains("<b>"))
        #expect(html.contains("&lt;script&gt;"))
    }

    @Test func everyResourceIsInTheProgram() throws {
        let files = try Self.names("scripts") + Self.names("styles")
        #expect(Set(StaticFiles.sources.keys) == Set(files + ["favicon.svg"]))
        let templates = try Self.names("templates").map { String($0.dropLast(9)) }
        #expect(Set(PageTemplates.sources.keys) == Set(templates))
        for name in files + ["favicon.svg"] where name.hasSuffix(".css") {
            let data = try Data(contentsOf: Self.resources.appending(path: "styles/\(name)"))
            #expect(StaticFiles.sources[name] == [UInt8](data))
        }
    }

    @Test func filesAreRevalidated() async throws {
        try await Bench().run { client in
            let first = try await client.get("/static/base.css")
            #expect(first.status == 200)
            #expect(first.header("Content-Type") == "text/css; charset=utf-8")
            #expect(first.header("Cache-Control") == "no-cache")
            let tag = try #require(first.header("ETag"))
            let second = try await client.send(
                .get, "/static/base.css", headers: ["If-None-Match": "\"other\", W/\(tag)"])
            #expect(second.status == 304)
            #expect(second.text.isEmpty)
            let other = try await client.send(
                .get, "/static/base.css", headers: ["If-None-Match": "\"other\""])
            #expect(other.status == 200)
            #expect(try await client.get("/static/..%2Fx").status == 404)
        }
    }
}

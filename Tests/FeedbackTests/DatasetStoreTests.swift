import FileFormats
import Foundation
import TestSupport
import Testing

@testable import Feedback

struct DatasetStoreTests {
    private func world(_ kind: StoreKind) async throws -> World {
        let world = try await World(kind)
        let (sampling, traces) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        _ = try await world.store.records.record(
            traceID: traces[1].id, preferredResponse: "better / than two", kind: .edit,
            by: world.bob)
        return world
    }

    @Test(arguments: StoreKind.allCases)
    func linesAreRecordsOfTheirKind(kind: StoreKind) async throws {
        let world = try await world(kind)
        let prompt =
            #"[{"content":"Patient 1: what is it?\nA. Asthma\nB. Bronchitis\n\n"#
            + #"Name the key findings in one sentence, then end with "#
            + #"\"Answer: <letter>. <diagnosis>\".","role":"user"}"#
        let feedback = try await world.store.datasets.build(.feedback)
        #expect(
            feedback.lines == [
                #"{"messages":"# + prompt
                    + #",{"content":"better / than two","role":"assistant"}]}"#
            ])
        let pairs = try await world.store.datasets.build(.preference)
        let item = try #require(try await world.store.cases.page().cases.first)
        #expect(
            pairs.lines == [
                #"{"agreement":1,"case_id":"\#(item.id)","#
                    + #""chosen":[{"content":"one","role":"assistant"}],"held_out":false,"#
                    + #""prompt":"# + prompt + #"],"raters":1,"#
                    + #""rejected":[{"content":"two","role":"assistant"}]}"#
            ])
    }

    @Test(arguments: StoreKind.allCases)
    func theHashIsThatOfTheFile(kind: StoreKind) async throws {
        let world = try await world(kind)
        let lines = try await world.store.datasets.build(.preference)
        let url = try TestFiles.scratchFolder().appending(path: "pairs.jsonl")
        try lines.write(to: url)
        #expect(try Checksums.sha256(of: url) == lines.hash)
        #expect(lines.hash.count == 64)
        #expect(try await world.store.datasets.build(.preference) == lines)
        try await world.rank(1, by: world.bob, [1, 2])
        #expect(try await world.store.datasets.build(.preference).hash != lines.hash)
    }

    @Test(arguments: StoreKind.allCases)
    func datasetsAreVersionedByContent(kind: StoreKind) async throws {
        let world = try await world(kind)
        let datasets = world.store.datasets
        let pairs = try await datasets.build(.preference)
        let first = try await datasets.add(pairs, path: "/a", actor: world.ann)
        #expect(first.version == 1)
        #expect(first.count == 1)
        #expect(first.judgementIDs == ["ranking/1"])
        #expect(try await datasets.add(pairs, path: "/b", actor: world.ann) == first)
        let labels = try await datasets.add(
            try await datasets.build(.labelled), path: "/c", actor: world.ann)
        #expect(labels.version == 1)
        try await world.rank(1, by: world.ann, [2, 1], revision: 1)
        let second = try await datasets.add(
            try await datasets.build(.preference), path: "/d", actor: world.ann)
        #expect(second.version == 2)
        #expect(second.judgementIDs == ["ranking/2"])
        #expect(try await datasets.all().map(\.id) == [second.id, labels.id, first.id])
    }
}

import FileFormats
import Foundation
import Records
import TestSupport
import Testing

struct SafetensorsCollectionTests {
    let folder: URL
    let reference = TestFiles.fixtures.appending(path: "formats/sharded")

    init() throws { folder = try TestFiles.scratchFolder() }

    @Test func readsShards() throws {
        let model = try SafetensorsCollection(url: reference)
        #expect(model.files.count == 3)
        #expect(model.names == ["a", "b", "c", "d", "e"])
        #expect(model.metadata == ["format": "pt"])
        // `a` is the third tensor of the script: 0, 1, 2, 3 plus 2.
        let bits = try model.bytes(of: "a").integers(of: UInt32.self)
        #expect(bits.map(Float.init(bitPattern:)) == [2, 3, 4, 5])
        #expect(throws: FormatError.self) { _ = try model.bytes(of: "z") }
    }

    @Test func writesShardsAsHuggingFaceDoes() throws {
        let target = try ReferenceTensors.outputFolder(folder).appending(path: "sharded")
        try AtomicFolder.write(to: target) { folder in
            try SafetensorsCollection.write(
                ReferenceTensors.sharded,
                metadata: ["format": "pt"],
                to: folder,
                maximumShardBytes: 40
            )
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: reference.path)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: target.path).sorted()
                == names.sorted()
        )
        for name in names {
            let (ours, theirs) = (target.appending(path: name), reference.appending(path: name))
            if name.hasSuffix(".json") {
                #expect(try JSONDocument.read(ours) == JSONDocument.read(theirs))
            } else {
                #expect(try Data(contentsOf: ours) == Data(contentsOf: theirs))
            }
        }
    }

    @Test func writesOneFileWhereAllFits() throws {
        try SafetensorsCollection.write(
            ReferenceTensors.sharded,
            to: folder,
            maximumShardBytes: 80
        )
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                == ["model.safetensors"]
        )
        #expect(try SafetensorsCollection(url: folder).names == ["a", "b", "c", "d", "e"])
        let file = folder.appending(path: "model.safetensors")
        #expect(try SafetensorsCollection(url: file).names.count == 5)
    }

    @Test func largeTensorsGetFilesOfTheirOwn() throws {
        try SafetensorsCollection.write(ReferenceTensors.sharded, to: folder, maximumShardBytes: 1)
        #expect(try SafetensorsCollection(url: folder).files.count == 5)
    }

    private func expectFailure(
        _ index: String,
        _ reason: String,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        try Data(index.utf8).write(to: folder.appending(path: "model.safetensors.index.json"))
        let error = #expect(throws: FormatError.self, sourceLocation: location) {
            _ = try SafetensorsCollection(url: folder)
        }
        #expect(error?.description.contains(reason) == true, sourceLocation: location)
    }

    @Test func indexesThatLie() throws {
        try Safetensors.write(
            [ReferenceTensors.scalar],
            to: folder.appending(path: "x.safetensors")
        )
        try expectFailure("{}", "weight_map")
        try expectFailure(
            "{\"weight_map\":{\"a\":\"y.safetensors\"}}",
            "y.safetensors: cannot open"
        )
        try expectFailure("{\"weight_map\":{\"a\":\"x.safetensors\"}}", "a: the tensor is missing")
        try expectFailure("{\"weight_map\":{\"a\":\"../x\"}}", "a: its shard is not the name")
        try expectFailure("{\"weight_map\":{\"a\":1}}", "a: its shard is not the name")
        try expectFailure("{\"weight_map\":", "line 1: column 15: the text ends too early")
    }

    @Test func foldersWithoutAModel() throws {
        let error = #expect(throws: FormatError.self) {
            _ = try SafetensorsCollection(url: folder)
        }
        #expect(error?.reason.contains("model.safetensors") == true)
    }
}

import FileFormats
import Foundation
import Records
import TestSupport
import Testing

struct JSONListingTests {
    /// Two ways to write one letter, U+03AF and U+1F77: equal to Swift, two tokens to a vocabulary.
    @Test func membersAreListedByTheBytesOfTheirKeys() throws {
        let file = try TestFiles.scratchFolder().appending(path: "a.json")
        func read(_ text: String) throws -> (JSONValue, [(key: String, value: JSONValue)]) {
            try Data(text.utf8).write(to: file)
            let (document, members) = try JSONDocument.read(file, listing: ["m", "v"])
            return (document, members)
        }
        let vocabulary =
            #"{"v":[{"v":{"x":9}}],"m":{"v":{"\u1f77":1,"b":{"v":3},"\u03af":2},"w":4}}"#
        #expect(throws: FormatError.self) {
            try Data(vocabulary.utf8).write(to: file)
            return try JSONDocument.read(file)
        }
        let (document, members) = try read(vocabulary)
        #expect(members.map { Array($0.key.utf8) } == [[0xE1, 0xBD, 0xB7], [0x62], [0xCE, 0xAF]])
        #expect(members.map(\.value) == [.integer(1), .object(["v": .integer(3)]), .integer(2)])
        #expect(document["m"] == .object(["v": .object([:]), "w": .integer(4)]))
        #expect(document["v"]?.array?.first?["v"]?["x"] == .integer(9))
        let error = try #require(throws: FormatError.self) {
            try read(#"{"m":{"v":{"a":1,"a":2}}}"#)
        }
        #expect(error.reason.contains("twice"))
    }
}

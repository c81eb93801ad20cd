import Datasets
import Foundation
import Records
import Testing

@Suite("Images by the paths that records have")
struct ImageFolderTests {
    private func found(_ written: String, in folder: URL) throws -> [String]? {
        let columns: [String: JSONValue] = ["prompt": .string("P"), "image": .string(written)]
        do {
            let source = RecordSource(line: 1, columns: columns, folder: ImageFolder(folder))
            return try PromptRecord(source).images.names(in: folder)
        } catch RecordFault.imagesNotFound(let paths) {
            #expect(paths == [written])
            return nil
        }
    }

    @Test(
        "irregular paths",
        arguments: [
            ("a.png", "a.png"),
            ("./a.png", "./a.png"),
            // VQA-RAD and LLaVA: the name alone.
            ("synpic1.jpg", "images/synpic1.jpg"),
            ("deep/x.png", "images/deep/x.png"),
            // Med-R1: the root is the folder of images.
            ("Images/Chest CT Scan/b (4).png", "Chest CT Scan/b (4).png"),
            ("images/Chest CT Scan/b (4).png", "Chest CT Scan/b (4).png"),
            // Letter case and white space.
            ("A.PNG", "a.png"),
            ("chest ct scan/B (4).PNG", "Chest CT Scan/b (4).png"),
            ("Images/CHEST  CT Scan /b (4).png", "Chest CT Scan/b (4).png"),
            ("SYNPIC1.jpg", "images/synpic1.jpg"),
            // The file has the accent as one letter, the path as two.
            ("Ro\u{308}ntgen.png", "R\u{F6}ntgen.png"),
        ])
    func irregular(written: String, name: String) throws {
        let files = [
            "a.png", "images/synpic1.jpg", "images/deep/x.png", "Chest CT Scan/b (4).png",
            "R\u{F6}ntgen.png",
        ]
        try withImages(files) { folder throws in
            let found = try #require(try found(written, in: folder))
            #expect(found == [name] || found.map { Array($0.utf8) } == [Array(name.utf8)])
        }
    }

    @Test("what is there is not looked for elsewhere")
    func precedence() throws {
        try withImages(["x.png", "X.png", "images/x.png", "images/y.png"]) { folder throws in
            #expect(try found("x.png", in: folder) == ["x.png"])
            #expect(try found("images/x.png", in: folder) == ["images/x.png"])
            #expect(try found("Images/y.png", in: folder) == ["images/y.png"])
        }
    }

    @Test("two files of which either may be meant, folders and what is nowhere")
    func none() throws {
        try withImages(["x.png", "X.png", "folder/y.png"]) { folder throws in
            #expect(try found("x.PNG", in: folder) == nil)
            #expect(try found("folder", in: folder) == nil)
            #expect(try found("y.png", in: folder) == nil)
            #expect(try found("folder/y.png/z", in: folder) == nil)
        }
    }

    @Test("absolute paths and addresses of files")
    func absolute() throws {
        try withImages(["a b.png"]) { folder throws in
            let path = folder.appending(path: "a b.png").path
            #expect(try found(path, in: URL(filePath: "/nowhere")) != nil)
            #expect(try found("file://" + path.replacing(" ", with: "%20"), in: folder) != nil)
        }
    }

    @Test("faults are told in words and say paths only")
    func descriptions() {
        let faults: [(RecordFault, String)] = [
            (.hasImages, "has images; the model reads no images"),
            (.imagesNotFound(["a", "b"]), "there is no file a, nor b"),
            (
                .images([.init(path: "a", reason: "is truncated"), .init(path: "b", reason: "x")]),
                "image a: is truncated; image b: x"
            ),
            (
                .imagePlaces(1, images: 2),
                "has 1 place for images (<image>, an image part or U+FFFC) and 2 images"
            ),
            (
                .ambiguousImages(columns: ["image", "images"]),
                "has images in more than one column (image, images): keep one"
            ),
            (.imageInAnswer, "has an image in an answer; models answer with text"),
        ]
        for (fault, text) in faults { #expect("\(fault)" == text) }
    }
}

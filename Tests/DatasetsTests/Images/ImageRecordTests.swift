import Datasets
import Foundation
import Records
import Testing

@Suite("Formats of records with images")
struct ImageRecordTests {
    private func folder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        try withImages(["a", "b", "images/c"], body)
    }

    @Test("Med-R1: the image stands before the problem, the columns stay")
    func problem() throws {
        try folder { folder throws in
            let json =
                #"{"image": "a", "problem": "P A)x, B)y", "solution": "<answer> B </answer>"}"#
            let prompt = try PromptRecord(source(json, in: folder))
            #expect(prompt.prompt == .messages([user("\u{FFFC}P A)x, B)y")]))
            #expect(prompt.images == [image(folder.path + "/a")])
            #expect(prompt.columns["solution"] == .string("<answer> B </answer>"))
            #expect(try ChoiceQuestion(prompt.columns).gold == "B")
            let taught = try SupervisedRecord(source(json, in: folder))
            #expect(
                taught.body
                    == .conversation([
                        user("\u{FFFC}P A)x, B)y"), assistant("<answer> B </answer>"),
                    ]))
            #expect(taught.images == prompt.images)
        }
    }

    @Test("VQA-RAD: names alone, answers that are numbers")
    func question() throws {
        try folder { folder throws in
            let json = """
                {"qid": 12, "image_name": "c", "question": "Q", "answer": 4, \
                "answer_type": "CLOSED ", "question_type": "COUNT"}
                """
            let prompt = try PromptRecord(source(json, in: folder))
            #expect(prompt.id == "12")
            #expect(prompt.prompt == .messages([user("\u{FFFC}Q")]))
            #expect(prompt.images.names(in: folder) == ["images/c"])
            #expect(prompt.columns["answer_type"] == .string("CLOSED "))
            let taught = try SupervisedRecord(source(json, in: folder))
            #expect(taught.body == .conversation([user("\u{FFFC}Q"), assistant("4")]))
        }
    }

    @Test(
        "LLaVA: the marker becomes the place, its line break belongs to it",
        arguments: [
            ("<image>\\nQ", "\u{FFFC}Q"), ("Q\\n<image>", "Q\u{FFFC}"),
            ("<image>Q", "\u{FFFC}Q"), ("see <image> there", "see \u{FFFC} there"),
            ("<image>\\r\\nQ\\n\\nR", "\u{FFFC}Q\n\nR"), ("Q", "\u{FFFC}Q"),
        ])
    func llava(written: String, placed: String) throws {
        try folder { folder throws in
            let json = """
                {"id": "x", "image": "a", "conversations": [{"from": "human", \
                "value": "\(written)"}, {"from": "gpt", "value": "A"}]}
                """
            let record = try SupervisedRecord(source(json, in: folder))
            #expect(record.body == .conversation([user(placed), assistant("A")]))
            #expect(record.images.names(in: folder) == ["a"])
            let prompt = try PromptRecord(source(json, in: folder))
            #expect(prompt.prompt == .messages([user(placed)]))
            #expect(prompt.columns["answer"] == .string("A"))
        }
    }

    @Test("MMedPO: the weight, and answers without the space before them")
    func pairs() throws {
        try folder { folder throws in
            let json = #"""
                {"id": 3, "image": "a", "weighted_score": 0.2,
                 "conversations":
                 [{"from": "human", "value": "<image>\nP"}, {"from": "gpt", "value": " C"}],
                 "rejected_conversations":
                 [{"from": "human", "value": "<image>\nP"}, {"from": "gpt", "value": " R"}]}
                """#
            let record = try PreferenceRecord(source(json, in: folder))
            #expect(
                record
                    == PreferenceRecord(
                        id: "3", line: 7, prompt: .messages([user("\u{FFFC}P")]),
                        chosen: .messages([assistant("C")]),
                        rejected: .messages([assistant("R")]), weight: 0.2,
                        images: [image(folder.path + "/a")]))
            let judged = try JudgedRecord(source(json, in: folder))
            #expect(judged.images == record.images)
            #expect(judged.prompt == record.prompt)
        }
    }

    @Test("TRL: images stand before the first words of the user, or where parts are")
    func trl() throws {
        try folder { folder throws in
            let plain = #"""
                {"images": ["a", "b"], "prompt":
                 [{"role": "system", "content": "S"}, {"role": "user", "content": "P"}],
                 "completion": [{"role": "assistant", "content": "C"}]}
                """#
            let record = try SupervisedRecord(source(plain, in: folder))
            let turns = [Message(role: "system", content: "S"), user("\u{FFFC}\u{FFFC}P")]
            #expect(
                record.body
                    == .promptCompletion(
                        prompt: .messages(turns), completion: .messages([assistant("C")])))
            #expect(record.images.names(in: folder) == ["a", "b"])
            let parts = #"""
                {"images": [{"path": "b", "bytes": null}], "prompt": [{"role": "user", "content":
                 [{"type": "text", "text": "P "}, {"type": "image"},
                  {"type": "text", "text": " Q"}, {"type": "image", "image": "a"}]}],
                 "chosen": [{"role": "assistant", "content": "C"}],
                 "rejected": [{"role": "assistant", "content": "R"}]}
                """#
            let pair = try PreferenceRecord(source(parts, in: folder))
            #expect(pair.prompt == .messages([user("P \u{FFFC} Q\u{FFFC}")]))
            #expect(pair.images.names(in: folder) == ["b", "a"])
            let text = #"{"prompt": "P", "completion": "C", "image": "a"}"#
            let scored = try PromptCompletionRecord(source(text, in: folder))
            #expect(scored.prompt == .text("\u{FFFC}P"))
            #expect(scored.images.names(in: folder) == ["a"])
        }
    }

    @Test("frame and window, of the record and of single images")
    func dicom() throws {
        try folder { folder throws in
            let json = #"""
                {"prompt": "P", "frame": 3, "window": {"center": 40, "width": 400.5},
                 "images": ["a", {"path": "b", "frame": 0, "window": {"center": -600, "width": 1}}]}
                """#
            let images = try PromptRecord(source(json, in: folder)).images
            #expect(
                images == [
                    ImageReference(
                        path: folder.path + "/a", frame: 3,
                        window: ImageWindow(center: 40, width: 400.5)),
                    ImageReference(
                        path: folder.path + "/b", frame: 0,
                        window: ImageWindow(center: -600, width: 1)),
                ])
        }
    }

    @Test("without images <image> among words is text, and a list without one is none")
    func withoutImages() throws {
        let record = try PromptRecord(source(#"{"prompt": "the tag <image> of P", "images": []}"#))
        #expect(record.prompt == .text("the tag <image> of P"))
        #expect(record.images.isEmpty)
        let named = try PromptRecord(source(#"{"prompt": "P", "image": null}"#))
        #expect(named.prompt == .text("P"))
    }

    @Test(
        "a column that seems to have the images and is not read",
        arguments: [
            ("image_path", #""scans/1""#), ("img", #""1.png""#), ("image_file", #"["1.jpg"]"#),
            ("media", #"{"path": "1"}"#), ("img_name", #""xmlab1/source.jpg""#),
            ("scan", #""CT/12.DCM""#), ("figure", #"{"bytes": "AAAA"}"#),
            ("view", #""data:image/png;base64,AAAA""#),
        ])
    func unread(column: String, value: String) throws {
        let json = #"{"prompt": "P", "completion": "C", "\#(column)": \#(value)}"#
        let fault = RecordFault.unreadImages(column: column)
        #expect(throws: fault) { try PromptRecord(source(json)) }
        #expect(throws: fault) { try SupervisedRecord(source(json)) }
        #expect(fault.description.contains("image, images, image_name"))
        #expect(fault.description.contains("image_key (--image-key)"))
    }

    @Test("columns that only look like it are left alone")
    func remarks() throws {
        let json = #"""
            {"prompt": "P", "imaging": "CT", "source": "Dr. Jpg", "media": "", "answer": "a.png"}
            """#
        #expect(try PromptRecord(source(json)).images.isEmpty)
    }

    @Test("an image in an answer is refused, however it is written")
    func inAnswers() throws {
        try folder { folder throws in
            let answers = [
                #""see <image>""#, #"[{"type": "image", "path": "b"}]"#,
            ]
            for answer in answers {
                let json = """
                    {"image": "a", "messages": [{"role": "user", "content": "Q"}, \
                    {"role": "assistant", "content": \(answer)}]}
                    """
                let error = #expect(throws: RecordFault.self) {
                    try SupervisedRecord(source(json, in: folder))
                }
                #expect(error == .imageInAnswer || error == .imagePlaces(1, images: 2))
            }
        }
    }

    @Test(
        "faults",
        arguments: [
            (#""prompt": "<image>\nP""#, RecordFault.imagePlaces(1, images: 0)),
            (#""prompt": "P\n<image>""#, .imagePlaces(1, images: 0)),
            (#""image": "a", "prompt": "<image><image>P""#, .imagePlaces(2, images: 1)),
            (#""images": ["a", "b"], "prompt": "<image>P""#, .imagePlaces(1, images: 2)),
            ("\"prompt\": \"\u{FFFC}P\"", .imagePlaces(1, images: 0)),
            (
                #""image": "a", "prompt": [{"role": "system", "content": "S"}]"#,
                .imagePlaces(0, images: 1)
            ),
            (
                #""images": ["a"], "prompt": [{"role": "user", "content": [{"type": "image", "path": "b"}]}]"#,
                .imagePlaces(1, images: 2)
            ),
            (#""images": ["x", "a", "y"], "prompt": "P""#, .imagesNotFound(["x", "y"])),
            (
                #""image": "a", "images": ["b"], "prompt": "P""#,
                .ambiguousImages(columns: ["image", "images"])
            ),
            (#""image": "", "prompt": "P""#, .empty(column: "image")),
            (
                #""image": "https://example.org/a.png", "prompt": "P""#,
                .wrongShape(
                    column: "image",
                    expected: "a path (images are read from files, not from addresses)")
            ),
            (
                #""images": ["a", null], "prompt": "P""#,
                .wrongShape(column: "images", expected: "the path of an image, or base64")
            ),
            (
                #""image": "a", "frame": -1, "prompt": "P""#,
                .wrongShape(
                    column: "image", expected: "an image whose `frame` is a whole number from 0")
            ),
            (
                #""image": "a", "window": {"center": 1, "width": 0}, "prompt": "P""#,
                .wrongShape(
                    column: "image",
                    expected: "an image whose `window` has a center and a positive width")
            ),
            (
                #""image": "a", "rejected_image": "b", "prompt": "P""#,
                .otherImages(column: "rejected_image")
            ),
            (
                #""image": "a", "rejected_noised": 1, "prompt": "P""#,
                .otherImages(column: "rejected_noised")
            ),
        ])
    func faults(columns: String, expected: RecordFault) throws {
        try folder { folder throws in
            #expect(try fault(of: "{\(columns)}", in: folder, as: PromptRecord.self) == expected)
        }
    }

    @Test("answers have no images")
    func answers() throws {
        try folder { folder throws in
            let completion = "{\"image\": \"a\", \"prompt\": \"P\", \"completion\": \"C\u{FFFC}\"}"
            #expect(
                try fault(of: completion, in: folder, as: PromptCompletionRecord.self)
                    == .imageInAnswer)
            let pair =
                "{\"prompt\": \"P\", \"chosen\": \"C\", \"rejected\": \"R\u{FFFC}\", "
                + "\"image\": \"a\"}"
            #expect(
                try fault(of: pair, in: folder, as: PreferenceRecord.self) == .imageInAnswer)
            let marked = #"{"image": "a", "prompt": "P", "completion": "see <image>"}"#
            #expect(
                try fault(of: marked, in: folder, as: SupervisedRecord.self) == .imageInAnswer)
            let rejected =
                #"{"image": "a", "prompt": "P", "chosen": "C", "rejected": "<image>\nR"}"#
            #expect(
                try fault(of: rejected, in: folder, as: PreferenceRecord.self) == .imageInAnswer)
            let text = #"{"prompt": "P", "completion": "the tag <image> of P"}"#
            #expect(try SupervisedRecord(source(text)).images.isEmpty)
        }
    }
}

import FileFormats
import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

struct ChatTemplateTests {
    /// Every rendering of the fixtures, by transformers with jinja2.
    @Test func rendersLikeTransformers() throws {
        var count = 0
        for value in try Fixture.json("templates.json").array ?? [] {
            let name = value["name"]?.string ?? ""
            guard let source = try source(of: value, name) else { continue }
            let template = try ChatTemplate(source: source, name: name)
            var context = value["context"]?.object ?? [:]
            context["tools"] = context["tools"] ?? .null
            if value["error"] != nil {
                #expect(throws: TemplateError.self) { try template.render(context: context) }
            } else {
                check(template, context, value, name)
            }
            count += 1
        }
        #expect(count >= 60)
    }

    private func check(
        _ template: ChatTemplate,
        _ context: [String: JSONValue],
        _ value: JSONValue,
        _ name: String
    ) {
        let expected = value["text"]?.string ?? ""
        do {
            let rendering = try template.rendering(context: context)
            #expect(rendering.text == expected, "\(name)")
            #expect(
                rendering.generated.map { scalars($0, rendering.text) } == spans(value),
                "\(name)"
            )
        } catch {
            Issue.record("\(name): \(error)")
        }
    }

    /// The fixtures hold no template of anyone else's: those come from where they are.
    private func source(of value: JSONValue, _ name: String) throws -> String? {
        if let source = value["template"]?.string { return source }
        if name.hasPrefix("smollm2") {
            return TestFiles.defaultModel == nil ? nil : try Fixture.smollm2().chatTemplate?.source
        }
        guard let data = TestFiles.sharedData, let folder = name.split(separator: " ").first else {
            return nil
        }
        let file = data.appending(path: "tokenizers/\(folder)/chat_template.json")
        return try JSONDocument.read(file)["chat_template"]?.string
    }

    private func spans(_ value: JSONValue) -> [Range<Int>] {
        (value["generated"]?.array ?? []).compactMap { pair in
            guard let start = pair.array?.first?.integer, let end = pair.array?.last?.integer else {
                return nil
            }
            return start..<end
        }
    }

    /// A range of bytes in scalars.
    private func scalars(_ range: Range<Int>, _ text: String) -> Range<Int> {
        func count(_ offset: Int) -> Int {
            String(decoding: text.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
        }
        return count(range.lowerBound)..<count(range.upperBound)
    }

    @Test func messagesAndVariables() throws {
        let template = try ChatTemplate(
            source: "{{ bos_token }}{% for m in messages %}{{ m | tojson }}{% endfor %}"
                + "{{ add_generation_prompt }}{{ tools is none }}{{ x }}",
            name: "t",
            variables: ["bos_token": .string("<s>")]
        )
        let text = try template.render(
            messages: [Message(role: "user", content: "a\"b")],
            addGenerationPrompt: true,
            extra: ["x": .integer(3)]
        )
        #expect(text == #"<s>{"role": "user", "content": "a\"b"}TrueTrue3"#)
    }

    @Test func timeIsFormatted() throws {
        let template = try ChatTemplate(
            source: "{{ strftime_now('%Y-%m-%d') | length }}{{ strftime_now is defined }}",
            name: "t"
        )
        #expect(try template.render(context: [:]) == "10True")
    }

    /// What is not known is an error with the line, not a wrong text.
    @Test(arguments: [
        ("\n{% include 'x' %}", 2, "'include' is not supported"),
        ("{{ 'a' | frobnicate }}", 1, "filter 'frobnicate'"),
        ("a\nb\n{{ 1 is frobbed }}", 3, "test 'frobbed'"),
        ("{{ 'a'.encode() }}", 1, "method 'encode'"),
        ("{{ messages.append(1) }}", 1, "is undefined"),
        ("{{ [1].append(2) }}", 1, "method 'append' of a list"),
        ("\n{% if true %}\n", 2, "'endif' is missing"),
        ("{% endif %}", 1, "'endif' is not supported"),
        ("{{ 'abc }}", 1, "string is not closed"),
        ("{{ a", 1, "not closed"), ("{# a", 1, "comment"), ("{{ }}", 1, "a value is expected"),
        ("{{ 1 + }}", 1, "a value is expected"), ("{{ a.b }}", 1, "'a' is undefined"),
        ("{{ 1 + 'a' }}", 1, "'+' of a number and a string"), ("{{ 1 // 0 }}", 1, "zero"),
        ("{{ f(1) }}", 1, "'f' is undefined"), ("{{ 2 ** 3 }}", 1, "expected"),
        ("{{ raise_exception('no ' ~ 1) }}", 1, "no 1"), ("{{ ; }}", 1, "no meaning"),
        ("{% for x in 3 %}{% endfor %}", 1, "cannot be looped over"),
        ("{% for x in y recursive %}{% endfor %}", 1, "recursive"),
        ("{% set a.b = 1 %}", 1, "not a namespace"), ("{{ 9223372036854775807 + 1 }}", 1, "large"),
        ("{% for a, b in [[1]] %}{% endfor %}", 1, "1 values for 2 names"),
        ("{% set x %}{% generation %}{% endgeneration %}{% endset %}", 1, "'generation' within"),
        ("{{ missing | tojson }}", 1, "undefined"), ("{{ 'a' < 1 }}", 1, "no order"),
    ])
    func unknownIsAnError(source: String, line: Int, reason: String) throws {
        let error = try #require(throws: TemplateError.self) {
            try ChatTemplate(source: source, name: "t").render(context: [:])
        }
        #expect(error.template == "t")
        #expect(error.line == line, "\(error)")
        #expect(error.reason.contains(reason), "\(error)")
    }
}

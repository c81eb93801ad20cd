import Datasets
import Records
import Testing

@Suite("Prompts to tokens")
struct PromptTokenizerTests {
    private let encoding = ByteEncoding()

    private func prompt(
        _ prompt: Turns, system: String? = nil, columns: [String: JSONValue] = [:]
    ) throws -> TokenizedPrompt {
        try PromptTokenizer(encoding: encoding, systemPrompt: system, maxLength: 99)
            .prompt(PromptRecord(id: "a", line: 2, prompt: prompt, columns: columns))
    }

    @Test("a conversation ends with the assistant's header")
    func conversation() throws {
        let prompt = try prompt(.messages([user("P")]), columns: ["answer": .string("A")])
        #expect(encoding.decode(prompt.tokens) == "<start>user\nP<end>\n<start>assistant\n")
        #expect(prompt.prompt == .messages([user("P")]))
        #expect(prompt.columns == ["answer": .string("A")])
    }

    @Test("plain text stays as it is")
    func plain() throws {
        let prompt = try prompt(.text("P"))
        #expect(encoding.decode(prompt.tokens) == "P")
        #expect(prompt.prompt == .text("P"))
    }

    @Test("the system prompt comes first where there is none")
    func systemPrompt() throws {
        let own = Message(role: "system", content: "own")
        let given = Message(role: "system", content: "S")
        let without = try prompt(.messages([user("P")]), system: "S")
        #expect(without.prompt == .messages([given, user("P")]))
        #expect(encoding.decode(without.tokens).hasPrefix("<start>system\nS<end>\n<start>user"))
        #expect(try prompt(.text("P"), system: "S").prompt == without.prompt)
        let with = try prompt(.messages([own, user("P")]), system: "S")
        #expect(with.prompt == .messages([own, user("P")]))
    }

    @Test("the identity does not depend on the system prompt or the id")
    func identity() throws {
        let record = PromptRecord(id: "b", line: 1, prompt: .text("P"), columns: [:])
        #expect(try prompt(.text("P"), system: "S").identity == record.identity)
    }

    @Test("a prompt too long stops, is left out, or keeps its end")
    func overlong() throws {
        try withFile(#"{"prompt": "0123456"}"# + "\n" + #"{"prompt": "01"}"#) { url in
            func file(_ policy: OverlongPolicy) throws -> TokenizedFile<TokenizedPrompt> {
                let tokenizer = PromptTokenizer(
                    encoding: encoding, maxLength: 4, overlong: policy)
                return try TokenizedFile(reading: url, tokenizer: tokenizer, policy: .stop)
            }
            #expect(throws: DatasetError.self) { try file(.stop) }
            #expect(try file(.skip).examples.map(\.id) == ["line 2"])
            let cut = try file(.truncate).examples
            #expect(cut.map { encoding.decode($0.tokens) } == ["3456", "01"])
            #expect(cut[0].prompt == .text("0123456"))
        }
    }
}

import Datasets
import FileFormats
import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

@Suite(
    "Pairs, judgements and prompts of the default model",
    .enabled(if: TestFiles.defaultModel != nil, "needs .models, made by Scripts/bootstrap")
)
struct RealRecordsTests {
    private let encoding: TokenizerEncoding

    init() throws {
        let model = try #require(TestFiles.defaultModel)
        let metadata = try GGUF(url: model).metadata
        encoding = try TokenizerEncoding(
            Tokenizer(ggufMetadata: metadata, source: model.path)
        )
    }

    private struct Case: Decodable {
        var promptIDs: [Int32]
        var chosenIDs: [Int32]
        var rejectedIDs: [Int32]

        private enum CodingKeys: String, CodingKey {
            case promptIDs = "prompt_ids"
            case chosenIDs = "chosen_ids"
            case rejectedIDs = "rejected_ids"
        }
    }

    /// TRL counts the line break behind the end of a turn, we do not.
    @Test("ids are those of TRL up to the end of the turn")
    func reference() throws {
        let url = TestFiles.fixtures.appending(path: "datasets/pair_tokens.json")
        let expected = try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
        let records = try RecordFile<PreferenceRecord>(reading: url, policy: .stop).records
        let lineBreak = encoding.encode("\n", beginning: false)
        let tokenizer = PairTokenizer(encoding: encoding, maxLength: 1_000)
        #expect(records.count == 7)
        for (record, expected) in zip(records, expected) {
            let pair = try tokenizer.pair(record)
            let behind = record.prompt.isConversational ? lineBreak : []
            #expect(pair.prompt == expected.promptIDs)
            #expect(pair.chosen + behind == expected.chosenIDs)
            #expect(pair.rejected + behind == expected.rejectedIDs)
        }
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func miragePreferences() throws {
        let url = try #require(TestFiles.sharedData).appending(path: "mirage/preferences.jsonl")
        let records = try RecordFile<PreferenceRecord>(reading: url, policy: .stop)
        #expect(records.records.count == 3_000)
        let file = try TokenizedFile(
            reading: url, tokenizer: PairTokenizer(encoding: encoding, maxLength: 4_096),
            policy: .stop)
        #expect(file.examples.count == 3_000)
        for (pair, record) in zip(file.examples, records.records) {
            #expect(encoding.decode(pair.chosen) == text(record.chosen) + "<|im_end|>")
            #expect(encoding.decode(pair.rejected) == text(record.rejected) + "<|im_end|>")
        }
        #expect(file.statistics.tokens == 840_059)
        #expect(file.statistics.longest == 1_239)
        let judged = try TokenizedFile(
            reading: url, tokenizer: JudgementTokenizer(encoding: encoding, maxLength: 4_096),
            policy: .stop)
        #expect(judged.examples.count == 6_000)
        #expect(judged.examples.count(where: \.isDesirable) == 3_000)
    }

    private func text(_ turns: Turns) -> String { turns.asMessages.map(\.content).joined() }

    @Test(
        "files of prompts",
        .enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"),
        arguments: [
            ("pubmedqa/sft_train.jsonl", 400, "answer"),
            ("pubmedqa/grpo_train.jsonl", 400, "answer"),
            ("pubmedqa/validation.jsonl", 100, "answer"),
            ("med_safety/train.jsonl", 900, "safe_response"),
            ("mirage/preferences.jsonl", 3_000, "chosen"),
        ])
    func prompts(path: String, count: Int, column: String) throws {
        let url = try #require(TestFiles.sharedData).appending(path: path)
        let file = try TokenizedFile(
            reading: url,
            tokenizer: PromptTokenizer(
                encoding: encoding, systemPrompt: "Be brief.", maxLength: 4_096),
            policy: .stop)
        #expect(file.examples.count == count)
        #expect(file.examples.allSatisfy { $0.columns[column] != nil })
        #expect(
            file.examples.allSatisfy {
                let text = encoding.decode($0.tokens)
                return text.hasPrefix("<|im_start|>system\nBe brief.<|im_end|>\n")
                    && text.hasSuffix("<|im_end|>\n<|im_start|>assistant\n")
            })
    }
}

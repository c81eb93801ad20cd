import Datasets
import FileFormats
import Foundation
import Records
import TestSupport
import Testing
import Tokenizers

@Suite(
    "Labels of the default model",
    .enabled(if: TestFiles.defaultModel != nil, "needs .models, made by Scripts/bootstrap")
)
struct RealTokenizerTests {
    private let encoding: TokenizerEncoding

    init() throws {
        let model = try #require(TestFiles.defaultModel)
        let metadata = try GGUF(url: model).metadata
        encoding = try TokenizerEncoding(
            Tokenizer(ggufMetadata: metadata, source: model.path)
        )
    }

    private struct Case: Decodable {
        var messages: [Message]
        var tokenIDs: [Int32]
        var labels: [Int]

        private enum CodingKeys: String, CodingKey {
            case messages, labels
            case tokenIDs = "token_ids"
        }
    }

    @Test("ids and labels are those of transformers")
    func reference() throws {
        let url = TestFiles.fixtures.appending(path: "datasets/chat_labels.json")
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
        let tokenizer = ExampleTokenizer(encoding: encoding, maxLength: 1_000)
        #expect(cases.count == 4)
        for (line, expected) in cases.enumerated() {
            let example = try tokenizer.example(
                SupervisedRecord(id: nil, line: line, body: .conversation(expected.messages))
            )
            #expect(example.tokenIDs == expected.tokenIDs)
            #expect(example.labels == expected.labels.map { $0 == 1 })
        }
    }

    @Test("a completion is labelled like the last turn of its conversation")
    func completion() throws {
        let tokenizer = ExampleTokenizer(encoding: encoding, maxLength: 1_000)
        let question = Message(role: "user", content: "Is 38.5 a fever?")
        let answer = Message(role: "assistant", content: "Yes.")
        let whole = try tokenizer.example(
            SupervisedRecord(id: nil, line: 1, body: .conversation([question, answer]))
        )
        let row = try tokenizer.example(
            PromptCompletionRecord(
                id: nil,
                line: 1,
                prompt: .messages([question]),
                completion: .messages([answer])
            )
        )
        #expect(row.tokenIDs == whole.tokenIDs)
        #expect(row.labels == whole.labels)
        #expect(row.labelledText(encoding) == "Yes.<|im_end|>")
    }

    @Test("plain text is ended once")
    func plain() throws {
        let tokenizer = ExampleTokenizer(encoding: encoding, maxLength: 1_000)
        for text in ["Fever.", "Fever.<|im_end|>"] {
            let example = try tokenizer.example(
                SupervisedRecord(id: nil, line: 1, body: .text(text))
            )
            #expect(encoding.decode(example.tokenIDs) == "Fever.<|im_end|>")
        }
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func pubMedQA() throws {
        let url = try #require(TestFiles.sharedData).appending(path: "pubmedqa/sft_train.jsonl")
        let file = try TokenizedFile(
            reading: url,
            tokenizer: ExampleTokenizer(encoding: encoding, maxLength: 2_048),
            policy: .stop
        )
        #expect(file.examples.count == 400)
        #expect(file.problems.isEmpty)
        let records = try RecordFile<SupervisedRecord>(reading: url, policy: .stop).records
        for (record, example) in zip(records, file.examples) {
            guard case .conversation(let turns) = record.body else { continue }
            let answers = turns.filter { $0.role == "assistant" }.map { $0.content + "<|im_end|>" }
            #expect(example.labelledText(encoding) == answers.joined())
        }
        let plan = try BatchPlan(
            file.examples,
            configuration: BatchConfiguration(
                strategy: .packed(maxTokens: 2_048),
                batchSize: 1,
                accumulation: 4,
                seed: 1
            )
        )
        let bins = plan.epoch(0).steps.flatMap(\.microBatches)
        let batches = bins.map { bin in PackedBatch(bin.map { file.examples[$0] }) }
        #expect(batches.allSatisfy { $0.tokenCount <= 2_048 })
        #expect(batches.reduce(0) { $0 + $1.labelCount } == file.statistics.labelled)
    }
}

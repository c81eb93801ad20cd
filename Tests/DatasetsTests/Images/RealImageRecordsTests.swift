import Datasets
import Foundation
import Records
import TestSupport
import Testing

@Suite(
    "Published records with images",
    .enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
struct RealImageRecordsTests {
    private let vqaRAD: URL
    private let omniMedVQA: URL

    init() throws {
        let data = try #require(TestFiles.sharedData)
        vqaRAD = data.appending(path: "vqa_rad")
        omniMedVQA = data.appending(path: "omnimedvqa")
    }

    @Test("VQA-RAD: every question is read, as one to imitate and as one to answer")
    func questions() throws {
        let url = vqaRAD.appending(path: "train.json")
        let taught = try RecordFile<SupervisedRecord>(reading: url, policy: .stop)
        let asked = try RecordFile<PromptRecord>(reading: url, policy: .stop)
        #expect(taught.records.count == 3_064 && asked.records.count == 3_064)
        #expect(taught.warnings.isEmpty, "ids are told apart")
        #expect(Set(taught.records.flatMap(\.images)).count == 314)
        for (one, other) in zip(taught.records, asked.records) {
            guard case .conversation(let turns) = one.body else {
                Issue.record("no conversation on line \(one.line)")
                continue
            }
            #expect(turns.count == 2 && turns[0].content.hasPrefix("\u{FFFC}"))
            #expect(other.prompt == .messages([turns[0]]))
            #expect(one.images == other.images && one.images.count == 1)
        }
        let kinds = asked.records.compactMap { $0.columns["answer_type"]?.string }
        // Two of the closed ones are written with a space behind.
        #expect(kinds.count { $0.hasPrefix("CLOSED") } == 1_823)
        #expect(kinds.count { $0 == "OPEN" } == 1_241)
    }

    @Test("MMedPO: every pair is read, with its weight")
    func preferences() throws {
        let url = vqaRAD.appending(path: "preferences.json")
        let file = try RecordFile<PreferenceRecord>(reading: url, policy: .stop)
        #expect(file.records.count == 1_796)
        #expect(Set(file.records.flatMap(\.images)).count == 313)
        let weights = Dictionary(grouping: file.records) { $0.weight ?? -1 }.mapValues(\.count)
        #expect(
            weights == [
                1: 664, 0.9: 205, 0.8: 591, 0.7: 8, 0.6: 25, 0.5: 1, 0.4: 13, 0.2: 277, 0: 12,
            ])
        for record in file.records {
            let words = record.prompt.asMessages.map(\.content).joined()
            #expect(words.unicodeScalars.count { $0 == "\u{FFFC}" } == 1)
            #expect(!words.contains("<image>") && !words.hasPrefix("\u{FFFC}\n"))
            #expect(record.images.count == 1)
        }
        let encoding = ByteEncoding(measuring: OneToken())
        let pairs = try TokenizedFile(
            reading: url, tokenizer: PairTokenizer(encoding: encoding, maxLength: 4_096),
            policy: .stop)
        #expect(pairs.examples.count == 1_796)
        #expect(pairs.examples.allSatisfy { $0.images.count == 1 && $0.weight != nil })
    }

    @Test("OmniMedVQA with its images")
    func paired() throws {
        let url = omniMedVQA.appending(path: "paired.json")
        let asked = try RecordFile<PromptRecord>(reading: url, policy: .stop)
        #expect(asked.records.count == 704)
        #expect(Set(asked.records.flatMap(\.images)).count == 312)
        let taught = try RecordFile<SupervisedRecord>(reading: url, policy: .stop)
        #expect(taught.records.count == 704)
    }

    @Test(
        "every question of OmniMedVQA has its options and one of them is right",
        arguments: [
            ("paired", [2: 188, 4: 516]),
            ("splits/CT(Computed Tomography)_test", [2: 51, 4: 149]),
            ("splits/Dermoscopy_test", [2: 46, 4: 154]),
            ("splits/Fundus Photography_test", [2: 16, 3: 3, 4: 181]),
            ("splits/MR (Mag-netic Resonance Imaging)_test", [4: 200]),
            ("splits/Microscopy Images_test", [2: 9, 4: 191]),
            ("splits/OCT (Optical Coherence Tomography_test", [2: 7, 4: 193]),
            ("splits/X-Ray_test", [2: 5, 4: 195]),
            ("splits/ultrasound_test", [4: 200]),
        ])
    func options(file: String, counts: [Int: Int]) throws {
        let url = omniMedVQA.appending(path: file + ".json")
        let questions = try RecordFile<Question>(reading: url, policy: .stop).records
        let found = Dictionary(grouping: questions) { $0.choice.options.count }.mapValues(\.count)
        #expect(found == counts)
        for question in questions {
            let (choice, problem) = (question.choice, question.problem)
            #expect(choice.gold.map { "<answer> \($0) </answer>" } == question.solution)
            #expect(
                choice.options.map(\.label)
                    == Array(["A", "B", "C", "D"].prefix(choice.options.count)))
            #expect(choice.options.allSatisfy { !$0.text.isEmpty })
            // Question and options are the problem again.
            let options = choice.options.map { "\($0.label))\($0.text)" }.joined(separator: ", ")
            #expect("\(choice.question) \(options)" == problem.trimmingCharacters(in: .whitespaces))
        }
    }

    @Test("the published splits come without their images, and each record says so")
    func withoutImages() throws {
        let url = omniMedVQA.appending(path: "splits/CT(Computed Tomography)_test.json")
        let file = try RecordFile<PromptRecord>(scanning: url)
        #expect(file.records.isEmpty && file.problems.count == 200)
        let first = "Images/SARS-CoV-2 CT-scan/train/non-COVID/Non-Covid (1226).png"
        #expect(file.problems[0].fault == .imagesNotFound([first]))
    }

    @Test("VQA-RAD in two parts without a common image, and what MMedPO shares with it")
    func splits() throws {
        let file = try SplitFile(reading: vqaRAD.appending(path: "train.json"))
        let split = try DatasetSplit(file, fraction: 0.2, seed: 0)
        #expect(split.overlap.sharedImages == 0)
        #expect(split.overlap.trainingImages + split.overlap.testImages == 314)
        #expect(split.overlap.testRecords >= 613 && split.overlap.testRecords < 660)
        #expect(split.overlap.sharedPrompts > 0, "questions are asked of many images")
        // Counted with Python.
        let pairs = try SplitFile(reading: vqaRAD.appending(path: "preferences.json"))
        let overlap = SplitOverlap(training: file, test: pairs)
        #expect(overlap.sharedImages == 313 && overlap.testImages == 313)
        #expect(overlap.sharedPrompts == 1_594 && overlap.testPrompts == 1_594)
        #expect(overlap.repeatedRecords == 1_796)
    }

    /// One chest film is in the set twice.
    @Test("one picture under two names stays on one side")
    func copies() throws {
        let file = try SplitFile(reading: omniMedVQA.appending(path: "paired.json"))
        for seed in 0..<4 {
            let overlap = try DatasetSplit(file, fraction: 0.3, seed: UInt64(seed)).overlap
            #expect(overlap.sharedImages == 0)
            #expect(overlap.trainingImages + overlap.testImages == 311)
        }
    }

    private struct OneToken: ImageMeasuring {
        func grid(of: ImageReference) -> ImageGrid { ImageGrid(height: 1, width: 1) }
    }

    private struct Question: DatasetRecord {
        let id: String?
        let line: Int
        let choice: ChoiceQuestion
        let problem: String
        let solution: String

        init(_ source: RecordSource) throws(RecordFault) {
            (id, line) = (source.id, source.line)
            choice = try ChoiceQuestion(source.columns)
            problem = source.columns["problem"]?.string ?? ""
            solution = source.columns["solution"]?.string ?? ""
        }
    }
}

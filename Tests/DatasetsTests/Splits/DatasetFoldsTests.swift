import Datasets
import Foundation
import Records
import Testing

@Suite("Files in folds")
struct DatasetFoldsTests {
    /// 30 rows of 15 patients with two each; a third of the patients are ill.
    private static let rows = (0..<30).map { number in
        #"{"id": \#(number), "patient": "p\#(number / 2)", "question": "Q", "#
            + #""answer": "\#(number / 2 % 3 == 0 ? "ill" : "well")"}"#
    }

    private func withFile<Result>(
        _ rows: [String] = rows, _ body: (URL, URL) throws -> Result
    ) throws -> Result {
        try withImages([]) { folder throws in
            let url = folder.appending(path: "all.jsonl")
            try Data(rows.joined(separator: "\n").utf8).write(to: url)
            return try body(url, folder)
        }
    }

    /// Rows of training, validation and test of each fold.
    private func folds(
        _ rows: [String] = rows, count: Int = 5, validation: Double = 0.25
    ) throws -> [[[String]]] {
        try withFile(rows) { url, folder throws in
            let folds = try DatasetFolds(
                SplitFile(reading: url), by: .column("patient"), count: count, seed: 3)
            return try (0..<count).map { fold in
                let names = ["train", "validation", "test"]
                let urls = names.map { folder.appending(path: "\(fold)-\($0).jsonl") }
                try folds.write(
                    fold: fold,
                    to: .init(
                        training: urls[0], validation: validation > 0 ? urls[1] : nil,
                        test: urls[2]), validationShare: validation)
                return try urls.map { url in
                    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
                    return try String(contentsOf: url, encoding: .utf8)
                        .split(separator: "\n").map(String.init)
                }
            }
        }
    }

    private func patients(_ rows: [String]) -> Set<String> {
        Set(
            rows.compactMap {
                $0.split(separator: "\"").first { $0.hasPrefix("p") && $0 != "patient" }
            }.map(String.init))
    }

    @Test("every row is tested once, by what has seen no row of its patient")
    func coverage() throws {
        let folds = try folds()
        #expect(folds.flatMap { $0[2] }.sorted() == Self.rows.sorted())
        for parts in folds {
            #expect(parts.joined().sorted() == Self.rows.sorted())
            #expect(parts.map(\.count) == [18, 6, 6])
            for (one, other) in [(0, 1), (0, 2), (1, 2)] {
                #expect(patients(parts[one]).isDisjoint(with: patients(parts[other])))
            }
            // One ill patient and two well ones in each fold.
            #expect(parts[2].count { $0.contains("ill") } == 2)
        }
    }

    @Test("without validation the rest is trained on, and the order does not matter")
    func order() throws {
        let plain = try folds(validation: 0)
        #expect(plain.allSatisfy { $0.map(\.count) == [24, 0, 6] })
        let turned = try folds(Self.rows.reversed(), validation: 0)
        #expect(plain.map { Set($0[2]) } == turned.map { Set($0[2]) })
    }

    @Test("faults are named")
    func faults() throws {
        #expect(throws: SplitError.folds(16, groups: 15)) { try folds(count: 16) }
        #expect(throws: SplitError.folds(1, groups: 15)) { try folds(count: 1) }
        try withFile(Self.rows + [#"{"question": "Q", "answer": "A"}"#]) { url, _ throws in
            let file = try SplitFile(reading: url)
            #expect(throws: SplitError.noColumn("patient", file: file.file, line: 31)) {
                try DatasetFolds(file, by: .column("patient"), count: 3, seed: 0)
            }
        }
    }
}

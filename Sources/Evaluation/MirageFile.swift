import Datasets
import FileFormats
import Foundation
import Records

/// MIRAGE's benchmark.json: sets of questions by id.
///
/// Source: Xiong et al., "Benchmarking Retrieval-Augmented Generation for Medicine" (2024).
struct MirageFile {
    private let file: MappedFile
    private let sets: [String: JSONValue]

    init(_ url: URL) throws(TaskError) {
        do throws(FormatError) {
            file = try MappedFile(url: url)
            let value = try JSONDocument.parse(file.bytes, file: url.path)
            guard let sets = value.object else {
                throw FormatError(file: url.path, reason: "is not an object of question sets")
            }
            self.sets = sets
        } catch {
            let place = error.item.map { "\($0): " } ?? ""
            throw .data(.unreadable(file: error.file, reason: place + error.reason))
        }
    }

    /// The questions of one set or of all, in the order of set and id.
    ///
    /// - Throws: ``TaskError/unknownSubset(_:known:)``, or all records that cannot be used.
    func questions(
        subset: String?,
        policy: SkipPolicy
    ) throws(TaskError) -> EvaluationTask.Questions {
        let known = sets.keys.sorted()
        if let subset, sets[subset] == nil { throw .unknownSubset(subset, known: known) }
        var questions = EvaluationTask.Questions(sha256: Checksums.sha256(of: file.bytes))
        var faults: [Fault] = []
        for name in subset.map({ [$0] }) ?? known { read(name, into: &questions, &faults) }
        questions.problems = located(faults)
        if !faults.isEmpty && (policy == .stop || questions.items.isEmpty) {
            throw .data(.unusable(questions.problems))
        }
        return questions
    }

    private struct Fault {
        let id: String
        let key: String
        let fault: RecordFault
    }

    private func read(
        _ name: String,
        into questions: inout EvaluationTask.Questions,
        _ faults: inout [Fault]
    ) {
        guard let members = sets[name]?.object else {
            faults.append(Fault(id: name, key: name, fault: .notAnObject))
            return
        }
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let id = "\(name)/\(key)"
            do throws(RecordFault) {
                guard let columns = value.object else { throw .notAnObject }
                questions.items.append(
                    try MultipleChoiceRecord.item(id: id, group: name, columns: columns)
                )
            } catch {
                faults.append(Fault(id: id, key: key, fault: error))
            }
        }
    }

    private func located(_ faults: [Fault]) -> [RecordProblem] {
        let lines = faults.isEmpty ? [:] : keyLines()
        return faults.map { fault in
            RecordProblem(
                file: file.path,
                line: lines[fault.key] ?? 1,
                id: fault.id,
                fault: fault.fault
            )
        }
    }

    /// Where each key that begins a line first stands; the parser keeps no places, and only
    /// problems need them.
    private func keyLines() -> [String: Int] {
        var lines: [String: Int] = [:]
        let quote = UInt8(ascii: "\"")
        let all = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in all.enumerated() {
            let rest = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard rest.first == quote else { continue }
            let key = String(decoding: rest.dropFirst().prefix { $0 != quote }, as: UTF8.self)
            if lines[key] == nil { lines[key] = index + 1 }
        }
        return lines
    }
}

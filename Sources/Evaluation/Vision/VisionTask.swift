import Datasets
import Foundation

/// Questions about images from a file: what a vision-language model is measured on.
public struct VisionTask: Sendable {
    /// What a file holds.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Med-R1's splits of OmniMedVQA.
        case omnimedvqa
        case vqaRAD = "vqa-rad"

        /// How its questions are asked where nothing else is said.
        public var template: AnswerTemplate { self == .omnimedvqa ? .noThink : .direct }

        /// Facets, and combinations of them, that accuracies are broken down by.
        var breakdowns: [[String]] {
            switch self {
            case .omnimedvqa: [["modality"], ["task"], ["modality", "task"]]
            case .vqaRAD: [["split"], ["organ"], ["type"]]
            }
        }
    }

    public let kind: Kind
    /// In the order of the file.
    public let questions: [VisionQuestion]
    /// SHA-256 of the file.
    public let dataHash: String
    /// A hash of all images; nil where they were not looked at.
    public let imagesHash: String?
    /// Records that were left out.
    public let problems: [RecordProblem]

    /// Questions made in the program.
    public init(
        kind: Kind, questions: [VisionQuestion], dataHash: String, imagesHash: String? = nil,
        problems: [RecordProblem] = []
    ) {
        (self.kind, self.questions) = (kind, questions)
        (self.dataHash, self.imagesHash, self.problems) = (dataHash, imagesHash, problems)
    }

    /// Reads a file's questions, and tells which of them share an image.
    ///
    /// - Parameters:
    ///   - images: where images are, as far as the file does not say.
    ///   - column: one whose value, such as a patient's number, says which questions belong
    ///     together besides those that share an image; nil for images alone.
    ///   - policy: what to do with a file that has unusable records.
    ///   - selection: which of the questions to ask.
    /// - Throws: ``TaskError``; all unusable records are in it, with their lines.
    public static func load(
        _ kind: Kind, _ url: URL, images: ImageOrigin = ImageOrigin(),
        clusteredBy column: String? = nil,
        policy: SkipPolicy = .stop, selection: ItemSelection = .all
    ) throws(TaskError) -> VisionTask {
        let task: VisionTask
        switch kind {
        case .omnimedvqa:
            task = try read(OmniMedVQARecord.self, kind, url, images, column, policy)
        case .vqaRAD: task = try read(VQARADRecord.self, kind, url, images, column, policy)
        }
        let repeated = Dictionary(grouping: task.questions, by: \.id).filter { $0.value.count > 1 }
        guard repeated.isEmpty else { throw .repeatedIDs(repeated.keys.sorted()) }
        guard !task.questions.isEmpty else { throw .noQuestions(kind.rawValue) }
        let chosen = selection(task.questions)
        let clusters = ImageClusters(of: chosen.map(\.images), groups: chosen.map(\.group))
        return VisionTask(
            kind: kind, questions: zip(chosen, clusters.numbers).map { $0.with(cluster: $1) },
            dataHash: task.dataHash, imagesHash: clusters.contentHash, problems: task.problems)
    }

    /// The questions as a template puts them.
    ///
    /// - Parameter system: put in the place of the template's own words.
    public func task(_ template: AnswerTemplate, system: String? = nil) -> EvaluationTask {
        EvaluationTask(
            kind.rawValue,
            EvaluationTask.Form(
                frame: template.frame, maximumTokens: template.maximumTokens, template: template),
            EvaluationTask.Questions(
                items: questions.map { $0.item(template, system: system) }, sha256: dataHash,
                problems: problems))
    }

    private static func read<Record: VisionRecord>(
        _: Record.Type, _ kind: Kind, _ url: URL, _ images: ImageOrigin, _ column: String?,
        _ policy: SkipPolicy
    ) throws(TaskError) -> VisionTask {
        let name = url.deletingPathExtension().lastPathComponent
        do throws(DatasetError) {
            let file = try RecordFile<Record>(reading: url, policy: policy, images: images)
            if let column,
                let lacking = file.records.first(where: { $0.source.word(column) == nil })
            {
                throw DatasetError.unusable([
                    RecordProblem(
                        file: file.file, line: lacking.line, id: lacking.id,
                        fault: .missing(column: column))
                ])
            }
            let questions = file.records.map { record in
                record.question(file: name).with(group: column.flatMap(record.source.word))
            }
            return VisionTask(
                kind: kind, questions: questions, dataHash: file.sha256, problems: file.problems)
        } catch {
            throw .data(error)
        }
    }
}

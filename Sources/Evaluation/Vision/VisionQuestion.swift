import Answers
import Datasets
import Records

/// A question about images, before it is settled how an answer is asked for.
public struct VisionQuestion: Sendable, Hashable {
    /// Unique within its task.
    public let id: String
    /// Question and options as the file writes them, with a place for each image.
    public let text: String
    /// The same taken apart, with the right answer.
    public let asked: TextQuestion
    /// In the order of their places.
    public let images: [ImageReference]
    /// What accuracies are broken down by.
    public let facets: [String: String]
    /// What questions that belong together besides those that share an image have in common; nil
    /// where nothing is said of it.
    public let group: String?
    /// Questions of one number share an image or a group; nil where that is not known.
    public let cluster: Int?

    /// A question with its images.
    public init(
        id: String, text: String, asked: TextQuestion, images: [ImageReference],
        facets: [String: String], group: String? = nil, cluster: Int? = nil
    ) {
        (self.id, self.text, self.asked) = (id, text, asked)
        (self.images, self.facets) = (images, facets)
        (self.group, self.cluster) = (group, cluster)
    }

    /// The same question of a group.
    func with(group: String?) -> VisionQuestion {
        VisionQuestion(
            id: id, text: text, asked: asked, images: images, facets: facets, group: group,
            cluster: cluster)
    }

    /// The same question among others.
    func with(cluster: Int?) -> VisionQuestion {
        VisionQuestion(
            id: id, text: text, asked: asked, images: images, facets: facets, group: group,
            cluster: cluster)
    }

    /// The question as a template puts it.
    ///
    /// - Parameter system: put in the place of the template's own words.
    public func item(_ template: AnswerTemplate, system: String? = nil) -> EvaluationItem {
        EvaluationItem(
            id: id,
            group: facets.isEmpty
                ? nil : facets.sorted { $0.key < $1.key }.map(\.value).joined(separator: ", "),
            messages: template.messages(text, asked.answer, system: system),
            options: asked.options, gold: asked.gold, images: images, facets: facets,
            cluster: cluster)
    }
}

/// A record that is one question about images.
protocol VisionRecord: DatasetRecord {
    var source: RecordSource { get }
    /// - Parameter file: the name of the file, which may say what all of its questions are about.
    func question(file: String) -> VisionQuestion
}

/// Med-R1's form of OmniMedVQA: `image`, `problem` with its options, `solution` with the letter,
/// perhaps `modality` and `task`.
struct OmniMedVQARecord: VisionRecord {
    let source: RecordSource
    let id: String?
    let line: Int
    private let text: String
    private let asked: TextQuestion
    let images: [ImageReference]
    /// As the columns have them.
    private let modality: String?
    private let type: QuestionType?

    init(_ source: RecordSource) throws(RecordFault) {
        let record = try PromptRecord(source)
        text = record.prompt.asMessages.last?.content ?? ""
        guard let solution = source.columns["solution"] else { throw .missing(column: "solution") }
        guard let answer = solution.answerText, let asked = TextQuestion(text, answer: answer),
            !asked.isOpen
        else { throw .wrongShape(column: "solution", expected: "an option of the problem") }
        if record.images.isEmpty { throw .missing(column: "image") }
        (self.asked, images) = (asked, record.images)
        (self.source, id, line) = (source, source.itemID, source.line)
        modality = source.columns["modality"]?.string
        type =
            ["task", "question_type", "type"].lazy
            .compactMap { source.columns[$0]?.string }.compactMap { QuestionType(named: $0) }.first
    }

    func question(file: String) -> VisionQuestion {
        let known = ImagingModality(named: modality ?? file)?.rawValue
        let named = type ?? QuestionType(named: file)
        let type = named ?? QuestionType(question: asked.question, options: asked.options)
        return VisionQuestion(
            id: id ?? "", text: text, asked: asked, images: images,
            facets: ["modality": known ?? modality ?? "unknown", "task": type.rawValue])
    }
}

/// VQA-RAD: `image_name`, `question`, `answer`, `answer_type`, `question_type`, `image_organ`.
///
/// A closed question with another answer than yes or no has no list of options; it is closed, and
/// its answer compared as that of an open one is.
///
/// Source: Lau et al., "A dataset of clinically generated visual questions and answers about
/// radiology images" (2018).
struct VQARADRecord: VisionRecord {
    let source: RecordSource
    let id: String?
    let line: Int
    let images: [ImageReference]
    private let question: VisionQuestion

    init(_ source: RecordSource) throws(RecordFault) {
        let record = try PromptRecord(source)
        let text = record.prompt.asMessages.last?.content.trimmed ?? ""
        guard let value = source.columns["answer"] else { throw .missing(column: "answer") }
        guard let answer = value.answerText, let asked = TextQuestion(text, answer: answer) else {
            throw .wrongShape(column: "answer", expected: "text with a word in it")
        }
        if record.images.isEmpty { throw .missing(column: "image_name") }
        (self.source, id, line) = (source, source.itemID, source.line)
        images = record.images
        question = VisionQuestion(
            id: source.itemID, text: text, asked: asked, images: record.images,
            facets: Self.facets(source.columns, asked))
    }

    func question(file: String) -> VisionQuestion { question }

    private static func facets(
        _ columns: [String: JSONValue], _ asked: TextQuestion
    ) -> [String: String] {
        func word(_ column: String) -> String? {
            columns[column]?.string?.split { $0 == "," }.first
                .map { String($0).trimmed.uppercased() }
        }
        let split = word("answer_type") ?? (asked.isOpen ? "OPEN" : "CLOSED")
        var facets = ["split": split.lowercased()]
        facets["organ"] = word("image_organ")
        facets["type"] = word("question_type").map { spellings[$0] ?? $0 }
        return facets
    }

    /// Two misspellings of the published file.
    private static let spellings = ["PRSE": "PRES", "ATRIB": "ATTRIB"]
}

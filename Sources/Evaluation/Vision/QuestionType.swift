import Answers

/// What a question of OmniMedVQA asks for, in the five classes of its authors.
///
/// The published splits name the class in no column. It is told, the first that says it,
/// 1. from a column `task`, `question_type` or `type`;
/// 2. from the file's name: Med-R1's splits by task are one file each;
/// 3. from question and options, by the words listed here, which were chosen by reading the
///    published questions and checked against no labels: a class of this kind is a guess, and
///    summaries say so.
public enum QuestionType: String, Sendable, Hashable, Codable, CaseIterable {
    case modality = "Modality Recognition"
    case grading = "Lesion Grading"
    case attributes = "Other Biological Attributes"
    case anatomy = "Anatomy Identification"
    case diagnosis = "Disease Diagnosis"

    /// The class that a column or a file's name means; nil where none is named.
    public init?(named text: String) {
        let words = Set(TextWords(text).words)
        let named = Self.allCases.first { !$0.ownWords.isDisjoint(with: words) }
        guard let named else { return nil }
        self = named
    }

    private var ownWords: Set<String> {
        switch self {
        case .modality: ["recognition"]
        case .grading: ["grading"]
        case .attributes: ["attributes", "biological"]
        case .anatomy: ["anatomy", "anatomical"]
        case .diagnosis: ["diagnosis", "disease"]
        }
    }

    /// The class that question and options look like, by the first rule of ``rules`` that applies,
    /// else disease diagnosis.
    public init(question: String, options: [AnswerOption]) {
        let question = " \(TextWords(question).joined) "
        let texts = options.map { " \(TextWords($0.text).joined) " }
        let rule = Self.rules.first { rule in
            rule.asks.contains { question.contains($0) }
                || rule.offers.map { offers in
                    2 * texts.count { text in offers.contains { text.contains($0) } } > texts.count
                } ?? false
        }
        self = rule?.type ?? .diagnosis
    }

    /// A class, what its questions say, and what more than half of its options say. Words stand
    /// between spaces, in lower case, without marks; a hyphen is dropped.
    struct Rule {
        let type: QuestionType
        let asks: [String]
        var offers: [String]?
    }

    /// In the order in which they are tried.
    static let rules = [
        Rule(
            type: .modality,
            asks: [
                " modality ", " imaging technique", " imaging method", " imaging technology",
                " method of imaging", " type of imaging", " kind of imaging", " form of imaging",
                " imaging procedure", " diagnostic technique", " imaging was ", " imaging is ",
                " type of scan ", " kind of scan ", " method used to ", " technique used to ",
                " technique was ",
            ],
            offers: [
                " mri ", " xray ", " x ray ", " ultrasound ", " ct ", " pet ", " tomography ",
                " dermoscopy ", " endoscopy ", " angiography ", " mammography ", " fluoroscopy ",
                " microscopy ", " scintigraphy ",
            ]),
        Rule(
            type: .grading,
            asks: [
                " grade ", " grading ", " severity ", " stage ", " benign ", " malignant ",
                " malignancy ", " harmless ", " degree of ",
            ],
            offers: [
                " mild ", " moderate ", " severe ", " grade ", " stage ", " benign ",
                " malignant ",
            ]),
        Rule(
            type: .attributes,
            asks: [
                " oculus ", " left eye ", " right eye ", " axis ", " cell type", " types of cell",
                " type of cell", " kind of cell", " kinds of cell", " cells ", " cellular ",
                " shape ", " color ", " colour ", " attribute", " characteristic",
            ]),
        Rule(
            type: .anatomy,
            asks: [
                " organ ", " organs ", " anatom", " body part", " part of the body ", " part is ",
                " part of ", " structure ", " structures ", " joint ", " region of the body ",
                " body region", " tissue type",
            ],
            offers: [
                " lung ", " lungs ", " liver ", " kidney ", " stomach ", " bladder ", " muscle ",
                " tissue ", " spleen ", " pancreas ", " thyroid ", " ovary ", " uterus ",
                " gallbladder ", " joint ", " bone ",
            ]),
    ]
}

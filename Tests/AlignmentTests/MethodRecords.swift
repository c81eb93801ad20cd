/// The records that the runs of all methods learn from.
enum MethodRecords {
    /// What the records of a file are for.
    enum Purpose: String, CaseIterable { case examples, pairs, prompts }

    private static let questions = [
        ("Which vitamin prevents scurvy?", "Vitamin C does.", "Vitamin D."),
        (
            "What is low in iron deficiency?", "Ferritin is low.",
            "The white cells are low, I think."
        ),
        ("Which drug relieves an acute asthma attack?", "Inhaled salbutamol.", "Aspirin."),
        ("What rules out meningitis?", "A lumbar puncture.", "A blood pressure cuff, at night."),
        ("Which organ makes insulin?", "The pancreas makes it.", "The spleen."),
        ("What does a barking cough suggest?", "Croup.", "Gout of the larynx, quite surely."),
    ]

    /// Images that all records together have.
    static let imageCount = 4

    /// The images of each record: none, one or two; two records share one.
    private static let images = [[0], [1], [], [2], [3, 0], []]

    /// A line for each record.
    static func lines(_ purpose: Purpose, withImages: Bool) -> [String] {
        questions.enumerated().map { index, row in
            let images = withImages ? column(images[index]) : ""
            return switch purpose {
            case .examples:
                #"{"id": "e\#(index)", \#(images)"prompt": "\#(row.0)", "completion": " \#(row.1)"}"#
            case .pairs:
                #"{"id": "p\#(index)", \#(images)"prompt": "\#(row.0)", "chosen": " \#(row.1)", "#
                    + #""rejected": " \#(row.2)"}"#
            case .prompts:
                #"{"id": "q\#(index)", \#(images)"prompt": [{"role": "user", "#
                    + #""content": "\#(row.0)"}], "answer": "\#(row.1)"}"#
            }
        }
    }

    /// The column with images, as the file has it.
    static func column(_ images: [Int]) -> String {
        if images.isEmpty { return "" }
        return #""images": [\#(images.map { "\"\($0).png\"" }.joined(separator: ", "))], "#
    }

    /// The method's file.
    static func purpose(of method: String) -> Purpose {
        switch method {
        case "sft": .examples
        case "grpo", "rloo", "ppo": .prompts
        default: .pairs
        }
    }
}

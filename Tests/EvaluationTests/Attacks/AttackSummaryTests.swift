import Answers
import Evaluation
import FileFormats
import Foundation
import Records
import Testing

struct AttackSummaryTests {
    private let plan = AttackPlan(
        attacks: [.noise, .pgd], epsilons: [2, 4], settings: AttackSettings())

    private func record(_ place: Int, error: String? = nil) -> AttackRecord {
        AttackRecord(
            id: "q\(place)", loss: 1,
            findings: error != nil
                ? []
                : plan.attacks.flatMap { attack in
                    plan.epsilons.map { epsilon in
                        AttackFinding(
                            attack: attack, epsilon: epsilon,
                            image: "\(place)-\(attack.rawValue)-\(epsilon).png", loss: 2,
                            isBlind: place == 0 && attack == .pgd, largestChange: Int(epsilon))
                    }
                },
            error: error)
    }

    private var facts: AttackSummary.Facts {
        AttackSummary.Facts(
            task: "omnimedvqa", template: .noThink, method: .likelihood, model: "m", adapter: nil)
    }

    /// Five questions, one with an error: it is in no accuracy, and everything else is of the other
    /// four. Clean 3/4; noise 3/4, 2/4; PGD 1/4, 0/4.
    @Test func errorsAreNoAccuracy() throws {
        let task = visionTask(5).task(.noThink)
        let records = (0..<5).map { record($0, error: $0 == 2 ? "it broke" : nil) }
        let replies = ["1101", "1101", "1100", "1000", "0000"]
        var asked: [[String]] = []
        let (summary, _) = try AttackEvaluation(
            task, plan, records: records, folder: URL(filePath: "/x")
        ).run(facts) { task in
            asked.append(task.items.map { $0.images[0].path })
            let right = Array(replies[asked.count - 1])
            return zip(task.items, right).map { item, digit in
                ItemResult(id: item.id, gold: "B", predicted: digit == "1" ? "B" : "A")
            }
        }
        #expect(summary.n == 4 && summary.errors.map(\.id) == ["q2"])
        #expect(asked[0] == ["0.png", "1.png", "3.png", "4.png"])
        #expect(asked[3] == [0, 1, 3, 4].map { "/x/\($0)-pgd-2.0.png" })
        #expect(summary.clean?.value == 0.75)
        #expect(summary.points.map(\.accuracy.value) == [0.75, 0.5, 0.25, 0])
        #expect(summary.points.map(\.drop) == [0, 0.25, 0.5, 0.75])
        #expect(summary.points.map(\.largestChange) == [2, 4, 2, 4])
        #expect(summary.points.map(\.blind) == [0, 0, 1, 1])
        // Of three right ones PGD at 4 turns all.
        #expect(summary.points[3].flipped?.value == 1)
        let text = summary.table()
        #expect(text.contains("1 questions with an error") && text.contains("q2: it broke"))
        #expect(text.contains("no proof of robustness"))
        let svg = summary.chart.svg()
        #expect(svg.contains("PGD") && svg.contains("epsilon in 255ths"))
    }

    /// Where everything broke there is no accuracy at all.
    @Test func allBroken() throws {
        let task = visionTask(2).task(.noThink)
        let (summary, _) = try AttackEvaluation(
            task, plan, records: [record(0, error: "a"), record(1, error: "b")],
            folder: URL(filePath: "/x")
        ).run(facts) { _ in
            Issue.record("nothing is to be asked")
            return []
        }
        #expect(summary.n == 0 && summary.clean == nil && summary.points.isEmpty)
        try withFolder { folder in
            try summary.write(to: folder)
            let json = try JSONDocument.read(folder.appending(path: "attack.json"))
            #expect(json["clean"] == nil && json["errors"]?.array?.count == 2)
        }
    }

    /// Another model is asked about the images of an attack that ended.
    @Test func foldersAreReadBack() throws {
        try withFolder { folder in
            #expect(throws: FormatError.self) { try AttackFolder(reading: folder) }
            let made = AttackFolder(
                folder, plan: plan, identity: "0123456789abcdef", name: "model")
            try FileManager.default.createDirectory(
                at: made.images, withIntermediateDirectories: true)
            try JSONEncoder().encode(record(1)).write(
                to: made.images.appending(path: "1.json"))
            try made.write()
            let read = try AttackFolder(reading: folder)
            #expect(read.name == "model" && read.plan == plan)
            #expect(read.images.lastPathComponent == "images-0123456789ab")
            let records = try read.records(of: visionTask(3).task(.noThink))
            #expect(records.map { $0.error == nil } == [false, true, false])
        }
    }
}

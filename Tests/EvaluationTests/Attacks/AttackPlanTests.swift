import Answers
import Evaluation
import FileFormats
import Foundation
import Generation
import Images
import Records
import TestSupport
import Testing
import VisionTestSupport

@testable import Evaluation

struct AttackPlanTests {
    private func plan(
        _ epsilons: [Double] = [2], norm: AttackNorm = .linf, steps: Int = 10, share: Double = 0.25,
        restarts: Int = 1, random: Bool = true, attacks: [AttackMethod] = [.pgd]
    ) -> AttackPlan {
        AttackPlan(
            attacks: attacks, epsilons: epsilons,
            settings: AttackSettings(
                norm: norm, steps: steps, stepShare: share, restarts: restarts,
                randomStart: random))
    }

    private func refused(_ plan: AttackPlan) -> String? {
        do throws(AttackPlanError) {
            _ = try plan.validated()
            return nil
        } catch {
            return error.option
        }
    }

    @Test(arguments: [
        1e19, 256, 0, -1, 0.5, .nan, .infinity, -.infinity, .greatestFiniteMagnitude,
        .leastNonzeroMagnitude,
    ])
    func epsilonsOutOfRange(epsilon: Double) {
        #expect(refused(plan([2, epsilon])) == "epsilon")
        let isLength = epsilon == 256 || epsilon == 0.5
        #expect(refused(plan([epsilon], norm: .l2)) == (isLength ? nil : "epsilon"))
    }

    @Test func otherBounds() throws {
        for steps in [0, -1, 10_001, .max, .min] { #expect(refused(plan(steps: steps)) == "steps") }
        for runs in [0, -1, 1001, .max] { #expect(refused(plan(restarts: runs)) == "restarts") }
        #expect(refused(plan(restarts: 2, random: false)) == "restarts")
        for share in [0, -1, 2.1, .nan, .infinity] {
            #expect(refused(plan(share: share)) == "step-share")
        }
        #expect(refused(plan([])) == "epsilon" && refused(plan([2, 2])) == "epsilon")
        #expect(refused(plan(attacks: [])) == "attacks")
        #expect(try plan([8, 2, 2.0001]).validated().epsilons == [2, 2.0001, 8])
        #expect(refused(plan([1, 255], steps: 10_000, share: 2, restarts: 1_000)) == nil)
    }

    /// However large, a ball is no larger than all pictures there are.
    @Test func roundingBears() {
        for epsilon in [1e19, .greatestFiniteMagnitude, .infinity] {
            for norm in AttackNorm.allCases {
                let bytes = PixelRounding.bytes(
                    [0, 1, 0.5], clean: [255, 0, 7], epsilon: epsilon, norm)
                #expect(bytes == [0, 255, 128])
            }
        }
    }

    /// Two epsilons that two decimals do not tell apart have an image each.
    @Test func nearEqualEpsilons() throws {
        try withFolder { folder in
            let model = try TinyVLM.model(in: folder)
            let task = try TinyVLM.task(in: folder, count: 1).task(.noThink)
            let plan = try AttackPlan(
                attacks: [.noise], epsilons: [40.001, 40.002, 700],
                settings: AttackSettings(norm: .l2)
            ).validated()
            let attacker = try Attacker(model, plan, folder: folder.appending(path: "made"))
            let findings = try attacker.attack(task)[0].findings
            #expect(
                findings.map(\.image) == [
                    "0-noise-40.001.png", "0-noise-40.002.png", "0-noise-700.00.png",
                ])
            for finding in findings {
                let file = attacker.folder.appending(path: finding.image)
                #expect(FileManager.default.fileExists(atPath: file.path))
            }
        }
        #expect(distinctDecimal(2) == "2.00" && distinctDecimal(2.5) == "2.50")
        #expect(distinctDecimal(2.001) == "2.001")
    }

    /// An open question has no option to raise or to compare: it is an error, not another goal.
    @Test(arguments: [AttackGoal.target, .options])
    func openQuestions(goal: AttackGoal) throws {
        try withFolder { folder in
            let model = try TinyVLM.model(in: folder)
            let task = try TinyVLM.task(in: folder, count: 1).task(.noThink)
            let asked = task.items[0]
            let open = EvaluationItem(
                id: "open", messages: asked.messages, options: [], gold: "left lobe",
                images: asked.images)
            for (item, isAttacked) in [(open, false), (asked, true)] {
                let plan = AttackPlan(
                    attacks: [.fgsm], epsilons: [2], settings: AttackSettings(goal: goal))
                let place = folder.appending(path: "\(goal)-\(item.id)")
                let record = try Attacker(model, plan, folder: place)
                    .attack(task.with(items: [item]))[0]
                #expect((record.error == nil) == isAttacked)
                if !isAttacked {
                    #expect(record.error?.contains("goal \(goal.rawValue)") == true)
                    #expect(record.findings.isEmpty)
                }
            }
            let gold = AttackPlan(attacks: [.fgsm], epsilons: [2], settings: AttackSettings())
            let record = try Attacker(model, gold, folder: folder.appending(path: "gold"))
                .attack(task.with(items: [open]))[0]
            #expect(record.error == nil && record.findings.count == 1)
        }
    }
}

import ArgumentParser
import Evaluation
import FileFormats
import Foundation
import Generation
import Records

/// `preceptor attack`
struct Attack: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how little an image must change for a model to answer wrongly.",
        discussion: """
            Makes adversarial images (FGSM, PGD) and, as their control, noisy ones; writes each as \
            8-bit PNG and asks the model about it as about any image. Writes attack.json, \
            attack.md and attack.svg; images stay below 'images'. With --from the images of an \
            earlier attack are shown to another model. Documentation/VisionEvaluation.md.
            """)

    @OptionGroup var model: ModelOptions

    @Option(help: "omnimedvqa or vqa-rad.")
    var task: VisionTask.Kind

    @Option(help: "The task's data file.")
    var data: String

    @OptionGroup var images: RecordImageOptions

    @Option(help: "Of noise, fgsm and pgd, with commas.")
    var attacks = "noise,fgsm,pgd"

    @Option(help: "Sizes of the change in 255ths, with commas: 1 to 255; for l2 0.001 to 4000000.")
    var epsilon = "2,4,8"

    @Option(help: "linf: the largest change of a value; l2: the length of all changes together.")
    var norm = AttackNorm.linf

    @Option(
        help: """
            gold lowers the gold answer's likelihood, options its share among the options, target \
            raises the most likely wrong option.
            """)
    var goal = AttackGoal.gold

    @Option(help: "Steps of PGD.")
    var steps = 10

    @Option(help: "A step of PGD as a share of epsilon.")
    var stepShare = 0.25

    @Option(help: "Runs of PGD from different starts; the one of the largest loss is kept.")
    var restarts = 1

    @Flag(help: "Start PGD at the image itself, not at a random point.")
    var noRandomStart = false

    @Option(help: "think, no-think, direct or plain; as for evaluate.")
    var template: AnswerTemplate?

    @Option(help: "likelihood scores the options; generation parses the model's own answer.")
    var method = EvaluationMethod.generation

    @Option(help: "Ask only this many questions, chosen by --seed.")
    var limit: Int?

    @Option(help: "Longest generated answer in tokens; the template's own limit when left out.")
    var maxTokens: Int?

    @Option(help: "Seed of the questions' choice, of noise and starts, and of the bootstrap.")
    var seed: UInt64 = 0

    @Option(help: "The folder of an earlier attack, whose images this model is shown.")
    var from: String?

    @Option(help: "The folder for attack.json, attack.md, attack.svg and the images.")
    var output: String

    func validate() throws {
        try NumberRange.require(limit, "--limit", 1...)
        try NumberRange.require(maxTokens, "--max-tokens", 1...)
        _ = try plan()
    }

    func run() throws {
        let questions = try VisionTask.load(
            task, URL(filePath: data), images: images.origin,
            selection: limit.map { .random($0, seed: seed) } ?? .all)
        let template = template ?? task.template
        let loaded = try model.load()
        let source = try from.map { try AttackFolder(reading: URL(filePath: $0)) }
        var asked = questions.task(template)
        if method == .likelihood { asked = asked.withOptions }
        let (plan, records, folder) =
            try source.map {
                ($0.plan, try $0.records(of: asked), $0.images)
            } ?? attacked(asked, loaded, images: questions.imagesHash)
        let evaluation = AttackEvaluation(asked, plan, records: records, folder: folder)
        let facts = AttackSummary.Facts(
            task: task.rawValue, template: template, method: method, model: model.model,
            adapter: model.adapter, transferredFrom: source?.name)
        let (summary, _) = try evaluation.run(facts) { task in
            try Measuring.measure(
                loaded, task, method, maxTokens: maxTokens, names: (model.model, model.adapter),
                seed: seed
            ).items
        }
        try summary.write(to: URL(filePath: output))
        Output.print(summary.table())
        if summary.n == 0 { throw ExitCode.failure }
    }

    /// This model's own images; those of an interrupted attack are kept.
    private func attacked(
        _ asked: EvaluationTask, _ loaded: LanguageModel, images: String?
    ) throws -> (AttackPlan, [AttackRecord], URL) {
        let plan = try plan()
        let identity = try DoneMarker.hash(
            try model.identity(of: loaded)
                + [asked.dataHash ?? "", images ?? "", asked.template?.rawValue ?? ""]
                + [try Self.text(plan)] + asked.items.map(\.id))
        let place = AttackFolder(
            URL(filePath: output), plan: plan, identity: identity,
            name: [model.model, model.adapter].compactMap { $0 }.joined(separator: " + "))
        let attacker = try Attacker(loaded, plan, folder: place.images) { progress in
            guard isatty(STDERR_FILENO) == 1 else { return }
            let end = progress.done == progress.total ? "\r\u{1B}[K" : ""
            let text = "\r\(progress.done)/\(progress.total) questions attacked\(end)"
            FileHandle.standardError.write(Data(text.utf8))
        }
        let records = try attacker.attack(asked)
        try place.write()
        return (plan, records, place.images)
    }

    private static func text(_ plan: AttackPlan) throws -> String {
        String(decoding: try JSONEncoder.escapingSlashes.encode(plan), as: UTF8.self)
    }

    private func plan() throws -> AttackPlan {
        let names = attacks.split(separator: ",").map(String.init)
        let methods = names.compactMap(AttackMethod.init)
        guard !names.isEmpty, methods.count == names.count, Set(methods).count == methods.count
        else { throw ValidationError("--attacks must be some of noise, fgsm, pgd, each once") }
        let sizes = epsilon.split(separator: ",", omittingEmptySubsequences: false)
            .map { Double($0) ?? .nan }
        let plan = AttackPlan(
            attacks: methods, epsilons: sizes,
            settings: AttackSettings(
                norm: norm, goal: goal, steps: steps, stepShare: stepShare, restarts: restarts,
                randomStart: !noRandomStart, seed: seed))
        do throws(AttackPlanError) {
            return try plan.validated()
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

extension VisionTask.Kind: ExpressibleByArgument {}
extension AnswerTemplate: ExpressibleByArgument {}
extension AttackNorm: ExpressibleByArgument {}
extension AttackGoal: ExpressibleByArgument {}

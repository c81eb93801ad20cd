import Attribution
import FileFormats
import Foundation
import Generation
import Images
import Records
import Torch

/// Makes adversarial images of a task's questions with one model, as files.
///
/// Each question has a record and its images below `folder`; what is there from an earlier run of
/// the same identity is kept. An error of one question is written into its record and stops no
/// other.
public struct Attacker {
    let model: LanguageModel
    let plan: AttackPlan
    let folder: URL
    private let report: Evaluator.Report

    /// - Parameters:
    ///   - folder: where records and images go.
    ///   - report: called after each question.
    /// - Throws: ``EvaluationError/readsNoImages`` for a model of text.
    public init(
        _ model: LanguageModel, _ plan: AttackPlan, folder: URL,
        report: @escaping Evaluator.Report = { _ in }
    ) throws(EvaluationError) {
        guard model.vision != nil else { throw .readsNoImages }
        (self.model, self.plan, self.folder, self.report) = (model, plan, folder, report)
    }

    /// Attacks every question's image.
    ///
    /// - Throws: `FormatError` where files cannot be written, ``EvaluationError/notFinite(item:)``
    ///   where the model's own numbers are not finite.
    public func attack(_ task: EvaluationTask) throws -> [AttackRecord] {
        let made = try MadeImages(folder)
        var records: [AttackRecord] = []
        for (place, item) in task.items.enumerated() {
            let file = folder.appending(path: "\(place).json")
            if let known = known(file, item.id) {
                records.append(known)
            } else {
                let record = try record(item, task.frame, place, made)
                try writeJSON(record, to: file)
                records.append(record)
            }
            report(EvaluationProgress(done: place + 1, total: task.items.count))
        }
        return records
    }

    /// A record without an error, all of whose images are there.
    private func known(_ file: URL, _ id: String) -> AttackRecord? {
        guard let data = FileManager.default.contents(atPath: file.path),
            let record = try? JSONDecoder().decode(AttackRecord.self, from: data),
            record.id == id, record.error == nil
        else { return nil }
        let isWhole = record.findings.allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending(path: $0.image).path)
        }
        return isWhole ? record : nil
    }

    private func record(
        _ item: EvaluationItem, _ frame: AnswerFrame, _ place: Int, _ made: MadeImages
    ) throws -> AttackRecord {
        do {
            let goal = plan.settings.goal
            guard goal == .gold || !item.isOpen else { throw AttackError.needsOptions(goal) }
            let target = try AttackTarget(item, frame, model, goal)
            var findings: [AttackFinding] = []
            for attack in plan.attacks {
                for epsilon in plan.epsilons {
                    findings.append(try find(attack, epsilon, target, place, made))
                }
            }
            return AttackRecord(
                id: item.id, loss: target.cleanLoss, findings: findings, error: nil)
        } catch let error as FormatError {
            throw error
        } catch let error as EvaluationError where error == .notFinite(item: item.id) {
            throw error
        } catch {
            return AttackRecord(id: item.id, loss: nil, findings: [], error: "\(error)")
        }
    }

    private func find(
        _ attack: AttackMethod, _ epsilon: Double, _ target: AttackTarget, _ place: Int,
        _ made: MadeImages
    ) throws -> AttackFinding {
        let image = target.image
        let found = try ImageAttack(attack, plan.settings, epsilon: epsilon / 255).find(
            from: target.clean, stream: UInt64(place), loss: target.loss)
        let bytes = PixelRounding.bytes(
            RGBImage.rows(of: found.images), clean: image.pixels, epsilon: epsilon / 255,
            plan.settings.norm)
        let name = "\(place)-\(attack.rawValue)-\(distinctDecimal(epsilon))"
        _ = try made.write(
            RGBImage(width: image.width, height: image.height, pixels: bytes), as: name)
        let largest = zip(bytes, image.pixels).reduce(0) {
            max($0, abs(Int($1.0) - Int($1.1)))
        }
        return AttackFinding(
            attack: attack, epsilon: epsilon, image: name + ".png",
            loss: found.losses.map { Double($0.item(Float.self)) }, isBlind: found.isBlind,
            largestChange: largest)
    }
}

/// One question's image and what an attack makes grow.
struct AttackTarget {
    let image: RGBImage
    /// [1, 3, H, W] in [0, 1].
    let clean: Tensor
    let cleanLoss: Double
    /// [1], differentiable to an image like `clean`.
    let loss: (Tensor) throws -> Tensor

    init(
        _ item: EvaluationItem, _ frame: AnswerFrame, _ model: LanguageModel, _ goal: AttackGoal
    ) throws {
        guard item.images.count == 1, let reference = item.images.first else {
            throw AttributionError.images(item.images.count)
        }
        let objective = try PixelObjective(
            model, Evaluator(model).scored(item, frame, openReply: true).group)
        let image = try ImageFile.read(reference)
        let clean = image.tensor.to(model.decoder.device)
        let scores = try withoutGradients { try objective.logLikelihoods(clean) }
            .values(Double.self)
        guard scores.areFinite else { throw EvaluationError.notFinite(item: item.id) }
        let gold = item.options.firstIndex { $0.label == item.gold } ?? 0
        let loss = try Self.loss(goal, gold, scores, objective)
        cleanLoss = Double(try withoutGradients { try loss(clean) }.item(Float.self))
        (self.image, self.clean, self.loss) = (image, clean, loss)
    }

    private static func loss(
        _ goal: AttackGoal, _ gold: Int, _ scores: [Double], _ objective: PixelObjective
    ) throws -> (Tensor) throws -> Tensor {
        if goal == .gold {
            return { try -objective.logLikelihoods($0).slice(0, gold..<(gold + 1)) }
        }
        if goal == .options {
            return { pixels in
                let scores = try objective.logLikelihoods(pixels)
                return -scores.logSoftmax(0).slice(0, gold..<(gold + 1))
            }
        }
        let wrong = scores.indices.filter { $0 != gold }.max { scores[$0] < scores[$1] } ?? gold
        return { try objective.logLikelihoods($0).slice(0, wrong..<(wrong + 1)) }
    }
}

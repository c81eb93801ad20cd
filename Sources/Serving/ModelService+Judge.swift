import Checkpoints
import Datasets
import Generation
import Layers
import Models
import Objectives
import Optimizers
import Records
import Torch

extension ModelService {
    /// What DPO and GRPO make of a ranking, by forward passes of policy and reference.
    ///
    /// - Throws: ``JudgeFault`` where ranks and completions do not fit, ``RecordFault``,
    ///   ``ObjectiveError`` or ``AdapterError``.
    func judgement(_ judge: EngineJudge) throws -> EngineJudgement {
        let ranking = try Ranking(judge)
        let group = try model.encoding.group(
            judge.prompt, completions: judge.completions, images: judge.images)
        let policy = try adapter(judge.adapter)
        let reference = try adapter(judge.reference, keeping: policy)
        let logPolicy = try sums(of: group, with: policy)
        let logReference = try sums(of: group, with: reference)
        let loss = try PreferenceLoss(beta: judge.beta)
        let result = ranking.loss(
            loss, policy: Tensor(logPolicy.map(Float.init)), reference: logReference)
        let rewards = zip(logPolicy, logReference).map { judge.beta * ($0 - $1) }
        let losses = result?.losses.values(Double.self) ?? []
        return EngineJudgement(
            logPolicy: logPolicy, logReference: logReference,
            tokens: group.completions.map(\.count), implicitRewards: rewards,
            pairs: zip(ranking.pairs, losses).map { pair, loss in
                EngineJudgement.Pair(
                    chosen: pair.chosen, rejected: pair.rejected,
                    margin: rewards[pair.chosen] - rewards[pair.rejected], loss: loss)
            },
            loss: losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count),
            groupRewards: ranking.rewards, advantages: ranking.advantages,
            gradientNorm: judge.gradient
                ? try gradientNorm(ranking, loss, group, policy, logReference) : nil)
    }

    /// The norm of the mean loss's gradient over the adapter's weights; those of a new adapter
    /// where the policy is the base model. nil without pairs.
    private func gradientNorm(
        _ ranking: Ranking, _ loss: PreferenceLoss, _ group: PromptGroup, _ policy: AdapterName?,
        _ reference: [Double]
    ) throws -> Double? {
        if ranking.pairs.isEmpty { return nil }
        let name = policy ?? "probe"
        if policy == nil {
            let new = AdapterConfiguration(
                baseModel: model.origin.lastPathComponent, rank: 16, alpha: 32, dropout: 0,
                rankStabilised: false, targets: [Decoder.allLinear])
            try model.decoder.attachAdapters(new, seed: 0, name: name)
        }
        let parameters = model.decoder.adapterModules(name).flatMap { [$0.a, $0.b] }
        defer { for parameter in parameters { parameter.grad = nil } }
        let scores = try model.decoder.adapters.with(name) { try model.sums(of: [group]) }
        ranking.loss(loss, policy: scores, reference: reference)?.loss.backward()
        let norm = clipGradients(parameters, limit: nil)
        guard norm.isFinite else { throw ScoringError.notFinite(record: "the gradient") }
        return norm
    }
}

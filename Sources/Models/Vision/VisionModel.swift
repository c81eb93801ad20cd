import Checkpoints
import FileFormats
import Layers
import Records
import Torch

/// What a decoder sees with: a tower, and a projector into the decoder's space.
public final class VisionModel {
    public let configuration: VisionConfiguration
    public let tower: any VisionTower
    /// nil where the tower projects itself.
    public let projector: Projector?

    /// - Parameter weights: the root of the whole model's names.
    /// - Throws: ``FormatError`` that names the tensor which is missing or does not fit.
    init(
        _ configuration: VisionConfiguration, _ weights: WeightPath, textWidth: Int,
        _ state: AdapterState
    ) throws(FormatError) {
        self.configuration = configuration
        let model = weights["model"]
        switch configuration.tower {
        case .transformer(let tower):
            let network = try VisionTransformer(
                tower, model["vision_tower"], returning: configuration.featureLayers, state)
            self.tower = network
            projector = try Projector(
                inputs: network.width, outputs: textWidth, configuration.projector,
                model["multi_modal_projector"], state)
        case .qwen(let tower):
            guard tower.outputWidth == textWidth else {
                throw FormatError(
                    file: weights.source.origin, item: "vision_config",
                    reason: "gives tokens of \(tower.outputWidth), the text takes \(textWidth)")
            }
            self.tower = try QwenVisionTower(tower, model["visual"], state)
            projector = nil
        }
    }

    /// The id that stands for an image in a text.
    public var imageTokenID: Int32 { configuration.imageTokenID }

    /// The features of each image in the decoder's space, [n, D], one row a token.
    public func features(_ inputs: [VisionInput]) -> [Tensor] { projected(towerFeatures(inputs)) }

    /// The tower's part of ``features(_:)``: where it is frozen, it may be kept for a whole run.
    public func towerFeatures(_ inputs: [VisionInput]) -> [Tensor] {
        let dropped = configuration.droppedRows
        return tower.features(inputs).map { features in
            dropped == 0 ? features : features.slice(0, dropped..<features.size(0))
        }
    }

    /// Each image as one row, [W] or [2 W]: the class token, where the tower has one, beside the
    /// mean of the patches, after the layer whose features are projected.
    public func summaries(_ inputs: [VisionInput]) -> [Tensor] {
        zip(inputs, tower.features(inputs)).map { input, features in
            let count = configuration.patchRows(patches: input.grid).count
            let rows = features.size(0)
            let mean = features.slice(0, (rows - count)..<rows).mean(0)
            return configuration.hasClassToken ? .cat([features.select(0, 0), mean]) : mean
        }
    }

    /// The projector's part of ``features(_:)``.
    public func projected(_ towerFeatures: [Tensor]) -> [Tensor] {
        guard let projector, !towerFeatures.isEmpty else { return towerFeatures }
        return projector(.cat(towerFeatures)).split(towerFeatures.map { $0.size(0) }, dim: 0)
    }

    /// Whether the active adapter trains anything in the tower.
    public var isTowerTrainable: Bool { tower.linears.contains(where: \.isAdapted) }

    /// Every linear layer: the tower's, then the projector's.
    public var linears: [Linear] { tower.linears + (projector?.linears ?? []) }
}

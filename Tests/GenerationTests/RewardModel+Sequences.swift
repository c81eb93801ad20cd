import Datasets
import Generation

extension RewardModel {
    /// Scores of sequences without images.
    func scores(of sequences: [[Int32]], budget: Int = 4096) throws -> [Double] {
        let examples = sequences.map { ids in
            TokenizedExample(
                id: nil, line: 1, identity: 0, tokenIDs: ids, labels: ids.map { _ in false })
        }
        return try scores(of: examples, budget: budget)
    }
}

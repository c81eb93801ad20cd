import Layers
import Torch

/// Attention of every row to every other of its piece.
struct VisionAttention {
    /// q, k and v below each other.
    let projection: Linear
    let output: Linear
    let heads: Int

    private var headSize: Int { projection.inputs / heads }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor, _ pass: VisionPass) -> Tensor {
        let plain = projection(x)
        let rows =
            pass.angles.map { angles in
                plain.rotary(
                    cosine: angles.cosine, sine: angles.sine, heads: 2 * heads, size: headSize)
            } ?? plain
        if let observer = pass.observer {
            observer.add(weights(of: rows, pass.pieces, meansHeads: observer.meansHeads))
        }
        return output(attended(rows, pass.pieces))
    }

    /// Pieces of one length beside each other are one batch.
    private func attended(_ rows: Tensor, _ pieces: [Int]) -> Tensor {
        var (results, start) = ([Tensor](), 0)
        for (length, count) in pieces.runs {
            let batch = rows.slice(0, start..<(start + count * length))
            let (q, k, v) = split(batch, count: count, length: length)
            let attended = Tensor.attention(q, k, v).transpose(1, 2)
            results.append(attended.reshape([count * length, heads * headSize]))
            start += count * length
        }
        return results.count == 1 ? results[0] : .cat(results)
    }

    /// Three times [pieces, H, rows, d].
    private func split(_ batch: Tensor, count: Int, length: Int) -> (Tensor, Tensor, Tensor) {
        let parts = batch.view(count, length, 3, heads, headSize).permute(2, 0, 3, 1, 4)
        return (parts.select(0, 0), parts.select(0, 1), parts.select(0, 2))
    }

    /// The weights [H, T, T] with which rows look at each other, 0 across pieces; of the heads'
    /// mean [1, T, T].
    private func weights(of rows: Tensor, _ pieces: [Int], meansHeads: Bool) -> Tensor {
        let scale = 1 / Double(headSize).squareRoot()
        let total = pieces.reduce(0, +)
        let kept = meansHeads ? 1 : heads
        let all = Tensor.zeros([kept, total, total], .float32, on: rows.device)
        var start = 0
        for length in pieces {
            let range = start..<(start + length)
            let (q, k, _) = split(rows.slice(0, range).detached(), count: 1, length: length)
            let products = q.to(.float32).matmul(k.to(.float32).transpose(-1, -2)) * scale
            let weights = products.softmax(-1).select(0, 0)
            all.slice(1, range).slice(2, range)
                .copy_(meansHeads ? weights.mean(0, keepDim: true) : weights)
            start += length
        }
        return all
    }
}

extension [Int] {
    /// Equal neighbours: the value and how many of it stand together.
    fileprivate var runs: [(value: Int, count: Int)] {
        reduce(into: []) { runs, value in
            if let last = runs.last, last.value == value {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((value, 1))
            }
        }
    }
}

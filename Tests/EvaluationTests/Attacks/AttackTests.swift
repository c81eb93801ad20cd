import Evaluation
import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// Images and losses of `Scripts/reference/attacks.py`, made by torchattacks.
struct AttackReference: Decodable {
    struct Case: Decodable {
        let name: String
        let norm: String
        let epsilon: Double
        let images: [Double]
        var random: Bool?
        var targeted: Bool?
    }

    let shape: [Int]
    let steps: Int
    let step_share: Double
    let seed: UInt64
    let images: [Float]
    let labels: [Int64]
    let targets: [Int64]
    let convolution: [Float]
    let convolution_bias: [Float]
    let output: [Float]
    let output_bias: [Float]
    let cases: [Case]

    static func load() throws -> AttackReference {
        let url = TestFiles.fixtures.appending(path: "evaluation/attacks.json")
        return try JSONDecoder().decode(AttackReference.self, from: Data(contentsOf: url))
    }

    /// Logits [B, 3] of the tiny network.
    func logits(_ images: Tensor) -> Tensor {
        let convolved = Operator("aten::conv2d")(
            .tensor(images), .tensor(Tensor(convolution, shape: [4, 3, 3, 3])),
            .tensor(Tensor(convolution_bias)), .ints([1, 1]), .ints([1, 1]), .ints([1, 1]), .int(1))
        let features = Operator("aten::tanh")(.tensor(convolved * 3)).mean(3).mean(2)
        return features.linear(Tensor(output, shape: [3, 4]), bias: Tensor(output_bias))
    }

    /// Cross-entropy of labels, or less that of targets: what grows.
    func loss(targeted: Bool) -> (Tensor) -> Tensor {
        { images in
            let scores = logits(images).logSoftmax(1)
            let names = Tensor(targeted ? targets : labels, shape: [2, 1])
            let chosen = scores.gather(1, names).squeeze(1)
            return targeted ? chosen : -chosen
        }
    }
}

struct AttackTests {
    init() { startEngine() }

    @Test func agreesWithTorchattacks() throws {
        let reference = try AttackReference.load()
        let clean = Tensor(reference.images, shape: reference.shape)
        #expect(reference.cases.count == 6)
        for item in reference.cases {
            let settings = AttackSettings(
                norm: item.norm == "l2" ? .l2 : .linf, steps: reference.steps,
                stepShare: reference.step_share, randomStart: item.random ?? false,
                seed: reference.seed)
            let attack = ImageAttack(
                item.name == "fgsm" ? .fgsm : .pgd, settings, epsilon: item.epsilon)
            let found = try attack.find(
                from: clean, loss: reference.loss(targeted: item.targeted ?? false))
            let gap = distance(found.images, item.images)
            #expect(gap < 1e-5, "\(item.name) \(item.norm): \(gap)")
            #expect(!found.isBlind)
            // It moved, and up the loss.
            #expect(distance(found.images, clean) > 0.01)
            let before = reference.loss(targeted: item.targeted ?? false)(clean)
            let after = try #require(found.losses)
            #expect(before.less(than: after).all().item(Bool.self), "\(item.name)")
        }
    }

    /// Every image stays in its ball and in [0, 1], noise included; noise is as large as it may be.
    @Test(arguments: AttackNorm.allCases, AttackMethod.allCases)
    func staysInTheBall(norm: AttackNorm, method: AttackMethod) throws {
        let reference = try AttackReference.load()
        let clean = Tensor(reference.images, shape: reference.shape)
        let settings = AttackSettings(norm: norm, steps: 4, stepShare: 0.6, restarts: 2, seed: 9)
        let epsilon = norm == .linf ? 6.0 / 255 : 0.4
        let found = try ImageAttack(method, settings, epsilon: epsilon).find(
            from: clean, stream: 3, loss: reference.loss(targeted: false)
        ).images
        let change = (found - clean).reshape([2, -1])
        let size =
            norm == .linf
            ? change.abs().amax(1) : Operator("aten::sqrt")(.tensor(change.square().sum(1)))
        #expect(size.values(Float.self).allSatisfy { Double($0) < epsilon + 1e-6 })
        #expect(found.values(Float.self).allSatisfy { (0...1).contains($0) })
        if method == .noise {
            #expect(size.values(Float.self).allSatisfy { Double($0) > 0.9 * epsilon })
        }
    }

    /// Restarts keep the larger loss of each image; another stream draws other starts.
    @Test func restarts() throws {
        let reference = try AttackReference.load()
        let clean = Tensor(reference.images, shape: reference.shape)
        let loss = reference.loss(targeted: false)
        func losses(_ restarts: Int, _ stream: UInt64) throws -> [Float] {
            let settings = AttackSettings(steps: 1, restarts: restarts, seed: 2)
            let found = try ImageAttack(.pgd, settings, epsilon: 0.1).find(
                from: clean, stream: stream, loss: loss)
            let again = loss(found.images).values(Float.self)
            let told = try #require(found.losses).values(Float.self)
            #expect(zip(again, told).allSatisfy { abs($0 - $1) < 1e-5 })
            return told
        }
        let (one, many) = (try losses(1, 1), try losses(8, 1))
        #expect(zip(one, many).allSatisfy { $0 <= $1 } && one != many)
        #expect(try losses(1, 2) != one && losses(1, 1) == one)
    }

    /// A loss without a slope is told; one that is no number is an error.
    @Test func blindAndBroken() throws {
        let clean = Tensor.full([1, 3, 2, 2], 0.5)
        let attack = ImageAttack(.fgsm, AttackSettings(), epsilon: 0.1)
        let flat = try attack.find(from: clean) { ($0 * 0).reshape([1, -1]).sum(1) }
        #expect(flat.isBlind && distance(flat.images, clean) == 0)
        #expect(throws: AttackError.notFinite) {
            try attack.find(from: clean) { ($0 * .nan).reshape([1, -1]).sum(1) }
        }
        #expect(throws: AttackError.disconnected) {
            try attack.find(from: clean) { _ in
                let other = Tensor.ones([1])
                other.requiresGrad = true
                return other
            }
        }
    }
}
